import type { Dictionary } from "..";
import { common } from "./common";
import { enums } from "./enums";
import { errors } from "./errors";
import { login } from "./login";
import { messages } from "./messages";
import { settings } from "./settings";

/** Vietnamese. */
export const vi: Dictionary = { common, enums, errors, login, messages, settings };
