import { createServer } from "node:net"

/** A port that nobody listens on; it must be known beforehand, since sign-in checks where pages come from. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
