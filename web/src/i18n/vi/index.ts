import type { Dictionary } from "..";
import { chats } from "./chats";
import { common } from "./common";
import { enums } from "./enums";
import { errors } from "./errors";
import { login } from "./login";
import { messages } from "./messages";
import { settings } from "./settings";

/** Vietnamese. */
export const vi: Dictionary = { chats, common, enums, errors, login, messages, settings };
