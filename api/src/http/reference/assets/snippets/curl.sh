curl -X POST '{{url}}' \
  -H 'Content-Type: application/json' \
  -d '{
    "action": "send",
    "chat_id": "{{chat}}",
    "text": "{{text}}"
  }'
