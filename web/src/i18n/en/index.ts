import { accounts } from "./accounts";
import { audit } from "./audit";
import { chats } from "./chats";
import { common } from "./common";
import { credits } from "./credits";
import { enums } from "./enums";
import { errors } from "./errors";
import { login } from "./login";
import { messages } from "./messages";
import { overview } from "./overview";
import { people } from "./people";
import { settings } from "./settings";
import { tokens } from "./tokens";
import { webhook } from "./webhook";

/** English, by area: one file each. Its keys are what every other language must have. */
export const en = {
  accounts,
  audit,
  chats,
  common,
  credits,
  enums,
  errors,
  login,
  messages,
  overview,
  people,
  settings,
  tokens,
  webhook,
};
