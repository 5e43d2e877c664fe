import { chats } from "./chats";
import { common } from "./common";
import { enums } from "./enums";
import { errors } from "./errors";
import { login } from "./login";
import { messages } from "./messages";
import { settings } from "./settings";

/** English, by area: one file each. Its keys are what every other language must have. */
export const en = { chats, common, enums, errors, login, messages, settings };
