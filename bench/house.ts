import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openLive } from "../src/api/live.ts"
import { build } from "../src/api/server.ts"
import { openSignIn } from "../src/api/signIn.ts"
import { instantNow } from "../src/store/orders.ts"
import { makeKey } from "../src/store/people.ts"
import { type Ground, openGround } from "./ground.ts"

/** A listening server on a database of its own, with a key that may tell events. */
export async function openHouseFor(
  now: number,
): Promise<{ url: string; key: string; ground: Ground; close(): Promise<void> }> {
  const ground = await openGround(now)
  const signIn = openSignIn(ground.url, { secret: "x".repeat(32), baseUrl: "http://localhost", trusted: [] })
  const live = openLive()
  const data = mkdtempSync(join(tmpdir(), "zs-bench-house-"))
  const app = await build({
    ...ground.world,
    instant: instantNow,
    now: () => instantNow(ground.db.pool),
    config: {
      data,
      host: "127.0.0.1",
      port: 0,
      publicUrl: null,
      alertHosts: [],
      portalPort: null,
      timezone: "Asia/Shanghai",
      roles: ["web"],
      web: null,
      version: "bench",
    },
    signIn,
    live,
    hints: { tell: () => {}, close: async () => {} },
    engine: () => null,
  })
  const url = await app.listen({ host: "127.0.0.1", port: 0 })
  const key = await makeKey(ground.db.pool, { name: "bench", role: "integration", source: "bench" }, now)
  return {
    url,
    key,
    ground,
    async close() {
      await app.close()
      live.close()
      await signIn.close()
      await ground.close()
    },
  }
}
