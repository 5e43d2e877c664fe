curl -X POST '{{url}}' \
  -H 'Content-Type: application/json' \
  -H 'Idempotency-Key: order-1042-shipped' \
  -d '{"action": "send", "chat_id": "{{chat}}",
      "text": "{{text}}"}'
