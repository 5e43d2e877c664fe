const webhook = "{{url}}";

const response = await fetch(webhook, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    action: "send",
    chat_id: "{{chat}}",
    text: "{{text}}",
  }),
  signal: AbortSignal.timeout(10_000),
});
const answer = await response.json();
if (!response.ok) throw new Error(answer.message);
console.log(answer.data.message_id);
