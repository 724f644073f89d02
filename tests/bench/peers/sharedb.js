// A ShareDB server: node sharedb.js PORT [POSTGRES_URL]; without a database it keeps everything in memory.
const http = require('http');
const ShareDB = require('sharedb');
const { WebSocketServer } = require('ws');
const WebSocketJSONStream = require('@teamwork/websocket-json-stream');
const textUnicode = require('ot-text-unicode');

const [port, connectionString] = process.argv.slice(2);
ShareDB.types.register(textUnicode.type);
const db = connectionString ? require('sharedb-postgres')({ connectionString }) : new ShareDB.MemoryDB();
const share = new ShareDB({ db });
const server = http.createServer();
new WebSocketServer({ server }).on('connection', socket => {
  const stream = new WebSocketJSONStream(socket);
  stream.on('error', () => {}); // somebody went away in the middle of a message
  share.listen(stream);
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
