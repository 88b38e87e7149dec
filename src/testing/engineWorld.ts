import type { Shelf } from "../engine/attachments/shelf.ts"
import { Hearing } from "../engine/hearing.ts"
import { openJobs } from "../engine/jobs.ts"
import type { EngineWorld } from "../engine/world.ts"
import type { Database } from "../store/database.ts"
import { instantNow } from "../store/orders.ts"
import { RuleShelf } from "../store/rules.ts"
import { openSecrets } from "../store/secrets.ts"

/** The world of an engine on a database, with its clock and keys of no secrecy; whoever rehearses puts parts of their own over it. */
export function engineWorldOn(db: Database): EngineWorld {
  const shelf = new RuleShelf()
  return {
    db,
    secrets: openSecrets(Buffer.alloc(32, 7)),
    hearing: new Hearing(),
    shelf: shelfInMemory(),
    jobs: openJobs(db),
    outside: { url: "https://zs.example.cn", alertHosts: ["127.0.0.1"], timezone: "Asia/Shanghai" },
    instant: instantNow,
    ruleBook: (tx) => shelf.read(tx),
    changed: () => {},
  }
}

/** A shelf that forgets everything with its world. */
export function shelfInMemory(): Shelf {
  const files = new Map<string, Buffer>()
  return {
    put: async (sha256, bytes) => void files.set(sha256, bytes),
    get: async (sha256) => files.get(sha256) ?? null,
    drop: async (sha256) => void files.delete(sha256),
  }
}
