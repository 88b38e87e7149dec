import { pino } from "pino"
import { day, minute } from "../demo/calendar.ts"
import { found } from "../demo/found.ts"
import { tickAll } from "../demo/history.ts"
import { samplePassword } from "../demo/people.ts"
import { planOf, type Telling } from "../demo/plan.ts"
import { record } from "../engine/record.ts"
import { readConfig, serve } from "../main.ts"
import { countPeople } from "../store/people.ts"

/**
 * Fills a data directory with so many orders through the engine's own record(), then serves it: for looking at pages with much in them.
 *
 *     ZHUNSHI_DATA=/tmp/full PORT=7400 node src/testing/fill.ts --orders 100000 [--days 3] [--cases]
 *
 * Without --cases nothing that is overdue opens a case at once.
 */
const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const wanted = argument("orders", 10_000)
const days = argument("days", 3)
const atOnce = 1_500

const started = performance.now()
const say = (text: string) =>
  process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s  ${text}\n`)

const running = await serve(readConfig(), pino({ level: "warn" }), {
  environment: process.env,
  settings: ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
  async prepare(world) {
    const now = Math.floor((await world.now()) / minute) * minute
    if ((await countPeople(world.db.pool)) === 0) await found(world, now - days * day, now)
    const plan = planOf({
      seed: `fill ${wanted} ${now}`,
      now,
      days,
      size: (wanted * 1.15) / (days * 285 + 1900),
    })
    const orders = new Map<string, Telling[]>()
    for (const telling of plan.tellings) {
      if (telling.at > now) continue
      const own = orders.get(telling.key.orderNo)
      if (own) own.push(telling)
      else if (orders.size < wanted) orders.set(telling.key.orderNo, [telling])
    }
    const all = [...orders.values()]
    say(`${all.length.toLocaleString("en")} orders planned`)
    const casesFrom = process.argv.includes("--cases") ? null : now
    for (let i = 0; i < all.length; i += atOnce) {
      await record(world, all.slice(i, i + atOnce).flat(), { casesFrom })
      if (i % (atOnce * 10) === 0) say(`${Math.min(i + atOnce, all.length).toLocaleString("en")} told`)
    }
    await tickAll(world, await world.now())
    say("what is due took effect")
  },
})
say(`${running.url}, guyan@qingheli.example with ${samplePassword}`)
await new Promise<void>((resolve) => {
  process.once("SIGINT", resolve)
  process.once("SIGTERM", resolve)
})
await running.stop()
