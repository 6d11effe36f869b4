// A model that answers with the newest nonce (n-abc123) a user has written.
// It speaks POST /v1/chat/completions, streamed or not. node model-stub.mjs ADDRESS PORT
import {createServer} from 'node:http';

const [address, port] = process.argv.slice(2);
const model = {id: 'stub', object: 'model', created: 0, owned_by: 'lab'};

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://stub');
  if (request.method === 'GET' && url.pathname === '/v1/models')
    return json(response, 200, {object: 'list', data: [model]});
  if (request.method !== 'POST' || url.pathname !== '/v1/chat/completions')
    return json(response, 404, {error: {message: 'not found'}});

  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let asked;
  try {
    asked = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return json(response, 400, {error: {message: 'not JSON'}});
  }
  const text = answer(asked.messages ?? []);
  console.log(
    new Date().toISOString(),
    request.socket.remoteAddress,
    asked.stream ? 'stream' : 'whole',
    text,
  );
  if (asked.stream) stream(response, text, asked.stream_options?.include_usage);
  else {
    const choice = {index: 0, message: {role: 'assistant', content: text}, finish_reason: 'stop'};
    json(response, 200, {
      id: 'chatcmpl-stub',
      object: 'chat.completion',
      created: now(),
      model: 'stub',
      choices: [choice],
      usage,
    });
  }
}).listen(Number(port), address, () => console.log(`model stub on http://${address}:${port}/v1`));

const usage = {prompt_tokens: 1, completion_tokens: 1, total_tokens: 2};
const now = () => Math.floor(Date.now() / 1000);

function answer(messages) {
  const written = messages
    .filter((message) => message.role === 'user')
    .map((message) =>
      typeof message.content === 'string'
        ? message.content
        : (message.content ?? []).map((part) => part.text ?? '').join(' '),
    );
  // Of alice, and of a drill.
  const nonces = written.join('\n').match(/\bn-[a-z0-9]+\b|(?<=answer with the word )[a-z]+\b/gi);
  return nonces ? `echo ${nonces.at(-1)}` : 'no nonce';
}

function json(response, status, body) {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
}

function stream(response, text, withUsage) {
  response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-cache'});
  const send = (choices, extra) => {
    const chunk = {
      id: 'chatcmpl-stub',
      object: 'chat.completion.chunk',
      created: now(),
      model: 'stub',
      choices,
      ...extra,
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  send([{index: 0, delta: {role: 'assistant', content: text}, finish_reason: null}]);
  send([{index: 0, delta: {}, finish_reason: 'stop'}]);
  if (withUsage) send([], {usage});
  response.end('data: [DONE]\n\n');
}
