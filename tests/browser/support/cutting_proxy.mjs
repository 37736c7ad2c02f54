// A way to the service that breaks: connections are passed on until one has carried so many bytes towards the service,
// and that one is cut off, once.
import { createServer, connect } from "node:net";
import { once } from "node:events";

/** `cuts()` tells how many connections were cut. */
export async function cuttingProxy(target, bytes) {
  const { hostname, port } = new URL(target);
  let cuts = 0;
  const server = createServer((client) => {
    const service = connect(Number(port), hostname);
    let carried = 0;
    const end = () => {
      client.destroy();
      service.destroy();
    };
    client.on("data", (piece) => {
      carried += piece.length;
      service.write(piece);
      if (carried > bytes && cuts === 0) {
        cuts += 1;
        service.end(); // what was passed on still arrives
        client.destroy();
      }
    });
    service.on("data", (piece) => client.write(piece));
    for (const socket of [client, service]) socket.on("error", end).on("close", end);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, cuts: () => cuts, close: () => server.close() };
}
