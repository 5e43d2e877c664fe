import { accounts } from "./accounts";
import { common } from "./common";
import { enums } from "./enums";
import { errors } from "./errors";
import { login } from "./login";
import { messages } from "./messages";
import { overview } from "./overview";
import { settings } from "./settings";
import { webhook } from "./webhook";

/** English, by area: one file each. Its keys are what every other language must have. */
export const en = { accounts, common, enums, errors, login, messages, overview, settings, webhook };
