const WEBHOOK = "{{url}}";

function sendMessage() {
  const response = UrlFetchApp.fetch(WEBHOOK, {
    method: "post",
    contentType: "application/json",
    payload: JSON.stringify({
      action: "send",
      chat_id: "{{chat}}",
      text: "{{text}}",
    }),
    muteHttpExceptions: true,
  });
  const answer = JSON.parse(response.getContentText());
  if (response.getResponseCode() !== 200) throw new Error(answer.message);
  console.log(answer.data.message_id);
}
