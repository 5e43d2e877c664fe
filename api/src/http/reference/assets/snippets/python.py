import json
import urllib.error
import urllib.request

WEBHOOK = "{{url}}"

message = {
    "action": "send",
    "chat_id": "{{chat}}",
    "text": "{{text}}",
}
request = urllib.request.Request(
    WEBHOOK,
    data=json.dumps(message).encode(),
    headers={"Content-Type": "application/json"},
)
try:
    with urllib.request.urlopen(request, timeout=10) as response:
        print(json.load(response)["data"]["message_id"])
except urllib.error.HTTPError as refused:
    raise SystemExit(json.load(refused)["message"])
