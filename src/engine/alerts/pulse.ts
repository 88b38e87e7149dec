import type { Instant } from "../../core/instants.ts"
import type { Words } from "../../core/words.ts"
import { countUnfired } from "../../store/clocks.ts"
import { transaction } from "../../store/database.ts"
import { aliveMs, countOverdueNext, countStuck, listEngines } from "../../store/engines.ts"
import { beginEpisode, endEpisode, listEpisodes, tellEpisode } from "../../store/episodes.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"
import { raise } from "./raise.ts"

/** How long something must stand wrong before it is told: a restart is no alarm. */
const patienceMs = 60_000

/** What can be wrong with the deadline engine. */
const troubles = {
  no_engine: (): Words => ({
    "zh-Hans": "没有引擎在跑",
    "zh-Hant": "沒有引擎在跑",
    en: "no engine runs",
  }),
  behind: (n: number): Words => ({
    "zh-Hans": `${n.toLocaleString("en")} 单到期没有判`,
    "zh-Hant": `${n.toLocaleString("en")} 筆到期沒有判`,
    en: `${n.toLocaleString("en")} due and not acted on`,
  }),
  stuck: (n: number): Words => ({
    "zh-Hans": `${n.toLocaleString("en")} 单判不了`,
    "zh-Hant": `${n.toLocaleString("en")} 筆判不了`,
    en: `${n.toLocaleString("en")} orders cannot be judged`,
  }),
}
type Trouble = keyof typeof troubles

/** Looks whether the deadline engine is alive; tells operations once when something has stood wrong for a minute, and once when it is over. Answers what it told. */
export async function takePulse(world: EngineWorld): Promise<string[]> {
  const at = await world.instant(world.db.pool)
  const found = await lookAt(world.db.pool, at)
  const running = await listEpisodes(world.db.pool)
  if (found.size === 0 && !running.some(({ kind }) => kind in troubles)) return []
  return transaction(world.db, async (tx) => {
    const told: string[] = []
    for (const [trouble, n] of found) {
      const episode = await beginEpisode(tx, trouble, at, { n })
      if (at - episode.beganAt < patienceMs || !(await tellEpisode(tx, episode.id, at))) continue
      const said = { trouble: { words: troubles[trouble](n) }, since: { at: episode.beganAt } }
      await say(world, tx, "engine_down", episode.id, said, at)
      told.push(trouble)
    }
    for (const { kind } of running) {
      if (!(kind in troubles) || found.has(kind as Trouble)) continue
      const ended = await endEpisode(tx, kind, at)
      if (!ended || ended.toldAt === null) continue
      const said = { lasted: { ms: at - ended.beganAt }, since: { at: ended.beganAt } }
      await say(world, tx, "engine_up", ended.id, said, at)
      told.push(`${kind} over`)
    }
    return told
  })
}

async function lookAt(session: Session, at: Instant): Promise<Map<Trouble, number>> {
  const found = new Map<Trouble, number>()
  const engines = await listEngines(session)
  if (!engines.some(({ beatAt }) => at - beatAt < aliveMs)) found.set("no_engine", 0)
  const before = at - patienceMs
  const behind = Math.max(await countUnfired(session, before), await countOverdueNext(session, before))
  if (behind > 0) found.set("behind", behind)
  const stuck = await countStuck(session)
  if (stuck > 0) found.set("stuck", stuck)
  return found
}

const say = (
  world: EngineWorld,
  tx: Session,
  code: "engine_down" | "engine_up",
  episode: string,
  said: Parameters<typeof raise>[2]["said"],
  at: Instant,
) =>
  raise(
    world,
    tx,
    {
      key: `${code} ${episode}`,
      code,
      department: "operations",
      path: "/engine",
      ...(said ? { said } : {}),
    },
    at,
  )
