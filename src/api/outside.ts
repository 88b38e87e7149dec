import { createServer, type Server } from "node:http"
import type { FastifyInstance } from "fastify"

/** What customers, partners and platforms may ask for: their pages, calls and the files that draw them. Whoever opens something to them adds a line. */
const outside = [
  "/t/",
  "/partner/",
  "/api/v1/portal/",
  "/api/v1/guest/",
  "/api/v1/hooks/",
  "/assets/",
  "/healthz",
  "/icon.svg",
]

/** Whether a path is for people outside the company; dots and encoded slashes lead nowhere. */
export function isForOutside(url: string): boolean {
  const path = url.split("?")[0]!
  if (/%2f|%5c|%2e|\/\/|\.\.|\\/i.test(path)) return false
  return outside.some((each) => (each.endsWith("/") ? path.startsWith(each) : path === each))
}

/** A port of its own for the portal and webhooks: the same application, but the staff's pages and calls are not there. */
export function listenOutside(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<Server> {
  const server = createServer((request, response) => {
    if (isForOutside(request.url ?? "/")) app.routing(request, response)
    else
      response
        .writeHead(404, { "content-type": "application/problem+json" })
        .end(JSON.stringify({ type: "urn:zhunshi:problem:not_found", status: 404, code: "not_found" }))
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => resolve(server))
  })
}
