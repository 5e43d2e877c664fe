<?php
$webhook = '{{url}}';

$body = file_get_contents($webhook, false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: application/json',
    'content' => json_encode([
        'action' => 'send',
        'chat_id' => '{{chat}}',
        'text' => '{{text}}',
    ]),
    'ignore_errors' => true,
    'timeout' => 10,
]]));
$answer = json_decode($body, true);
echo $answer['data']['message_id'] ?? $answer['message'], PHP_EOL;
