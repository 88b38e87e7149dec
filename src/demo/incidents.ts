import type { Actor } from "../core/cases.ts"
import type { Instant } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { carryOut } from "../engine/incidents/carry.ts"
import { openIncident } from "../engine/incidents/gather.ts"
import type { IncidentInput } from "../engine/incidents/hand.ts"
import { actOnIncident } from "../engine/incidents/record.ts"
import type { EngineWorld } from "../engine/world.ts"
import { findIncident, findIncidentId } from "../store/incidents.ts"
import { hour, hourOf, minute, nextHour } from "./calendar.ts"
import type { Why } from "./causes.ts"
import { reportFields } from "./handling.ts"
import type { DepartmentId } from "./people.ts"
import type { Troubles } from "./troubles.ts"

type StockOut = Troubles["stockOuts"][number]
type Incident = {
  stockOut: StockOut
  why: Why
  /** null: not opened yet */
  number: string | null
  cases: string[]
  at: Instant
  rest: Generator<Step, void, boolean>
  step: Step | null
}
type Step = { afterMs: number; from?: Instant; by: DepartmentId; input(at: Instant): IncidentInput }

/** From how many cases of one stock-out on people see that it is one. */
const manyFrom = 3

/** How the people of the sample company handle a stock-out: gathered, and from then on written once and done once for all of its cases. */
export class StockOutDesk {
  readonly #world: EngineWorld
  readonly #memberOf: (department: DepartmentId, at: Instant) => Actor
  readonly #all: Incident[] = []
  readonly #gathered = new Set<string>()

  constructor(world: EngineWorld, memberOf: (department: DepartmentId, at: Instant) => Actor) {
    this.#world = world
    this.#memberOf = memberOf
  }

  /** When something is next to do. */
  get nextAt(): Instant {
    return Math.min(...this.#all.map(({ at }) => at))
  }

  /** Whether a case is handled together with others. */
  has(number: string): boolean {
    return this.#gathered.has(number)
  }

  /** Looks at cases that were opened just now: the third of one stock-out makes an incident, later ones join it. */
  async take(
    opened: readonly { number: string; stockOut: StockOut; why: Why }[],
    at: Instant,
  ): Promise<void> {
    for (const { number, stockOut, why } of opened) {
      let own = this.#all.find((each) => each.stockOut === stockOut)
      if (own === undefined) {
        own = {
          stockOut,
          why,
          number: null,
          cases: [],
          at: Infinity,
          rest: handle(stockOut, why),
          step: null,
        }
        this.#all.push(own)
      }
      own.cases.push(number)
    }
    for (const own of this.#all) await this.#gather(own, at)
  }

  async #gather(own: Incident, at: Instant): Promise<void> {
    const fresh = own.cases.filter((number) => !this.#gathered.has(number))
    if (fresh.length === 0 || own.cases.length < manyFrom) return
    const operations = this.#memberOf("operations", at)
    if (own.number === null) {
      const { cause } = own.why
      const title = `${own.stockOut.sku} 断货`
      own.number = await openIncident(this.#world, { title, cases: fresh, cause }, operations)
      this.#goOn(own, at, true)
    } else if (!(await this.#try(own.number, { act: "add", cases: fresh }, operations))) return
    for (const number of fresh) this.#gathered.add(number)
    await this.#carry(own.number)
  }

  /** Does what is due up to an instant. */
  async workUntil(at: Instant): Promise<void> {
    for (const own of this.#all) {
      if (own.at > at || own.step === null) continue
      const done = await this.#try(own.number!, own.step.input(at), this.#memberOf(own.step.by, at))
      await this.#carry(own.number!)
      this.#goOn(own, at, done && (await this.#state(own.number!)) !== "planned")
    }
  }

  async #try(number: string, input: IncidentInput, actor: Actor): Promise<boolean> {
    try {
      await actOnIncident(this.#world, number, input, { actor })
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return false
    }
  }

  async #carry(number: string): Promise<void> {
    await carryOut(this.#world, (await findIncidentId(this.#world.db.pool, number))!)
  }

  async #state(number: string): Promise<string> {
    const id = (await findIncidentId(this.#world.db.pool, number))!
    return (await findIncident(this.#world.db.pool, id))!.state
  }

  #goOn(own: Incident, now: Instant, done: boolean): void {
    const next = own.step === null ? own.rest.next() : own.rest.next(done)
    if (next.done) Object.assign(own, { at: Infinity, step: null })
    else {
      const wanted = Math.max(now, next.value.from ?? now) + next.value.afterMs
      const isNight = hourOf(wanted) >= 0.5 && hourOf(wanted) < 7.5
      Object.assign(own, { step: next.value, at: isNight ? nextHour(wanted, [7.5]) : wanted })
    }
  }
}

/** From the first case to the archived report; the goods come when they come. */
function* handle({ until }: StockOut, why: Why): Generator<Step, void, boolean> {
  yield {
    afterMs: 12 * minute,
    by: "purchasing",
    input: () => ({ act: "analyse", cause: why.cause, text: why.found }),
  }
  const etaAt = (at: Instant) => Math.max(at + 2 * hour, until + 5 * hour)
  yield {
    afterMs: 9 * minute,
    by: "purchasing",
    input: (at) => ({ act: "plan", etaAt: etaAt(at), reason: why.because, text: why.because }),
  }
  yield { afterMs: 14 * minute, by: "service", input: () => ({ act: "told", how: "chat" }) }
  for (let tries = 0; tries < 20; tries++) {
    const done = yield {
      afterMs: (tries === 0 ? 20 : 14) * hour,
      from: until,
      by: "purchasing",
      input: () => ({ act: "resolve" }),
    }
    if (done) break
  }
  yield {
    afterMs: 3 * hour,
    by: "purchasing",
    input: (at) => ({ act: "report", form: "long", fields: reportFields(why, at, "采购主管") }),
  }
  yield { afterMs: 2 * hour, by: "operations", input: () => ({ act: "archive" }) }
}
