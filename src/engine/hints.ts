import { randomUUID } from "node:crypto"
import { type Database, listenTo } from "../store/database.ts"
import { notifyOthers } from "../store/engines.ts"
import type { Change } from "./world.ts"

/** Hints between processes that something changed; nothing rests on them, and all works when they are lost (ENGINE §4, Waking). */
export type Hints = {
  /** tells the other processes, at most ten times a second; what comes meanwhile is told together */
  tell(change: Change): void
  /** tells what is left and listens no more */
  close(): Promise<void>
}

const everyMs = 100
/** PostgreSQL takes 8,000 bytes a message. */
const charactersMax = 2_000

/** Opens this process's end; `hear` gets what others tell, never its own. Without `hear` it only tells. */
export function openHints(db: Database, hear: ((change: Change) => void) | null): Hints {
  const id = randomUUID()
  let waiting: Change | null = null
  let timer: NodeJS.Timeout | null = null
  let telling: Promise<unknown> = Promise.resolve()
  const ear =
    hear &&
    listenTo(db, "zhunshi", (payload) => {
      const { from, ...change } = JSON.parse(payload) as Change & { from: string }
      if (from !== id) hear(change)
    })
  const flush = () => {
    timer = null
    if (waiting === null) return
    const change = waiting
    waiting = null
    const payload = JSON.stringify({ ...change, from: id })
    telling = notifyOthers(db.beats, payload).catch(() => {})
  }
  return {
    tell(change) {
      waiting = together(waiting ?? {}, change)
      timer ??= setTimeout(flush, everyMs).unref()
    },
    async close() {
      if (timer) clearTimeout(timer)
      flush()
      await telling
      await ear?.close()
    },
  }
}

/** Two changes as one; of many names only the first are kept. */
export function together(one: Change, other: Change): Change {
  const nextAt =
    one.nextAt == null || (other.nextAt != null && other.nextAt < one.nextAt) ? other.nextAt : one.nextAt
  return {
    ...(nextAt == null ? {} : { nextAt }),
    ...named("orders", one.orders, other.orders),
    ...named("cases", one.cases, other.cases),
    ...named("incidents", one.incidents, other.incidents),
    ...named("staff", one.staff, other.staff),
    ...(one.board || other.board ? { board: true } : {}),
    ...(one.more || other.more ? { more: true } : {}),
    ...(one.engines || other.engines ? { engines: true } : {}),
    ...(one.alerts || other.alerts ? { alerts: true } : {}),
  }
}

function named(
  field: "orders" | "cases" | "incidents" | "staff",
  some: readonly string[] = [],
  more: readonly string[] = [],
): Change {
  const kept: string[] = []
  let characters = 0
  for (const each of [...some, ...more]) {
    characters += each.length
    if (characters > charactersMax) break
    kept.push(each)
  }
  return kept.length > 0 ? { [field]: kept } : {}
}
