import { createFileRoute } from "@tanstack/react-router";
import { ProfilePage } from "@/settings/page";

/** The person, and how things look to them. */
export const Route = createFileRoute("/_in/settings/profile")({ component: ProfilePage });
