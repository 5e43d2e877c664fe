/** What the admin API says no with, by `extensions.code`. */
export const errors = {
  UNAUTHENTICATED: "Please log in again.",
  FORBIDDEN: "Your role does not allow this. Ask an owner or admin of the workspace.",
  NOT_FOUND: "This no longer exists, or you are not a member of its workspace.",
  BAD_INPUT: "Something that was entered cannot be taken. Correct it and try again.",
  OUT_OF_CREDITS: "There are not enough message credits. Ask whoever runs this installation for more.",
  CONFLICT: "Somebody changed this in the meantime. Look at it again, then repeat what you did.",
  RATE_LIMITED: "That was too often in a short time. Wait a minute, then try again.",
  UNAVAILABLE: "The service cannot answer at this moment. Try again shortly.",
  QUERY_TOO_COMPLEX: "That was too much at once. Narrow it down and try again.",
  INTERNAL: "Something broke on our side. Nothing of yours is lost; try again.",
  OFFLINE: "The service cannot be reached. Check your connection.",
} as const;
