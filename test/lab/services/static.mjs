// Serves a folder over HTTP, as a download mirror does. node static.mjs ADDRESS PORT FOLDER
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {createServer} from 'node:http';
import path from 'node:path';

const [address, port, folder] = process.argv.slice(2);
const root = path.resolve(folder);

createServer(async (request, response) => {
  const file = path.join(
    root,
    path.normalize(decodeURIComponent(new URL(request.url, 'http://mirror').pathname)),
  );
  const found = await stat(file).catch(() => undefined);
  console.log(
    new Date().toISOString(),
    request.socket.remoteAddress,
    request.method,
    request.url,
    found?.isFile() ? 200 : 404,
  );
  if (!found?.isFile()) {
    response.writeHead(404).end('not found\n');
    return;
  }
  const type = file.endsWith('.json')
    ? 'application/json'
    : file.endsWith('.txt')
      ? 'text/plain'
      : 'application/octet-stream';
  response.writeHead(200, {'content-length': found.size, 'content-type': type});
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
}).listen(Number(port), address, () => console.log(`serving ${root} on http://${address}:${port}`));
