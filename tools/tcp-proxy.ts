import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy in front of a server, whose connections can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Cuts every connection that is open, in the middle of whatever it carries. */
  cut(): void;
  /** Cuts every connection that is open, and every one that is made, until `open` is called. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1 in front of a port there; on a free port, where none is given. */
export async function startTcpProxy(target: number, port = 0): Promise<TcpProxy> {
  const pairs = new Set<() => void>();
  let isShut = false;
  const server = createServer((inbound: Socket) => {
    const outbound = connect(target, "127.0.0.1");
    const cutPair = (): void => {
      inbound.destroy();
      outbound.destroy();
      pairs.delete(cutPair);
    };
    pairs.add(cutPair);
    for (const socket of [inbound, outbound]) socket.on("error", cutPair).on("close", cutPair);
    inbound.pipe(outbound).pipe(inbound);
    if (isShut) cutPair();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const cut = (): void => {
    for (const cutPair of [...pairs]) cutPair();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut,
    shut() {
      isShut = true;
      cut();
    },
    open() {
      isShut = false;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
