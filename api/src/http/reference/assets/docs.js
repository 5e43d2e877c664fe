// Fills the examples with the workspace's own URL and chat, which the dashboard passes in the fragment: no server sees it.
"use strict";

const root = document.documentElement;
const { publicUrl, copy, copied } = document.body.dataset;
const given = location.hash.startsWith("#url=") || location.hash.startsWith("#chat=") ? location.hash.slice(1) : "";
const wanted = new URLSearchParams(given);

// The fragment is not a link's to choose: only a webhook of this very installation is believed.
const isOurs = (url) => url.startsWith(`${publicUrl}/webhook/`) && /^nhip_wh_[\w-]+$/.test(url.slice(`${publicUrl}/webhook/`.length));
const isChat = (chat) => /^\d{1,19}$/.test(chat);

const fill = (name, value) => {
  for (const place of document.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = value;
};

const fillAll = () => {
  const [url, chat] = [wanted.get("url") ?? "", wanted.get("chat") ?? ""];
  if (isChat(chat)) fill("chat", chat);
  if (!isOurs(url)) return;
  fill("url", url);
  root.classList.add("is-filled");
};

// A secret stays neither in the address bar nor in the history; the other language is told it all the same.
const hideSecret = () => {
  if (given === "") return;
  history.replaceState(null, "", location.pathname + location.search);
  for (const link of document.querySelectorAll(".languages a")) link.hash = given;
};

const addCopyButtons = () => {
  for (const block of document.querySelectorAll("pre.to-copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent.trim());
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 1500);
    });
    block.append(button);
  }
};

// The tool that was looked at last is shown again.
const rememberTool = () => {
  const tools = [...document.querySelectorAll("input[name=tool]")];
  for (const tool of tools) tool.addEventListener("change", () => localStorage.setItem("docs.tool", tool.id));
  const last = tools.find((tool) => tool.id === localStorage.getItem("docs.tool"));
  if (last) last.checked = true;
};

fillAll();
hideSecret();
addCopyButtons();
rememberTool();
