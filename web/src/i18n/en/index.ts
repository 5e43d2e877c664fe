import { audit } from "./audit";
import { chats } from "./chats";
import { common } from "./common";
import { credits } from "./credits";
import { enums } from "./enums";
import { errors } from "./errors";
import { login } from "./login";
import { messages } from "./messages";
import { people } from "./people";
import { settings } from "./settings";
import { tokens } from "./tokens";

/** English, by area: one file each. Its keys are what every other language must have. */
export const en = { audit, chats, common, credits, enums, errors, login, messages, people, settings, tokens };
