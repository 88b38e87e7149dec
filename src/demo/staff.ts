import type { Actor } from "../core/cases.ts"
import type { Instant } from "../core/instants.ts"
import { type Asked, type Done, performActs } from "../engine/cases/perform.ts"
import { startProposing } from "../engine/proposing.ts"
import type { EngineWorld } from "../engine/world.ts"
import { listCasesOpenedSince, type StoredCase } from "../store/cases.ts"
import { caseNumber, orderPlace } from "../store/keys.ts"
import { day, hour, hourOf, minute, nextHour } from "./calendar.ts"
import { whyLate } from "./causes.ts"
import { Chance } from "./chance.ts"
import { handling, type Step } from "./handling.ts"
import { StockOutDesk } from "./incidents.ts"
import type { Planned } from "./order.ts"
import { type DepartmentId, people } from "./people.ts"
import type { Plan } from "./plan.ts"

/** A case that somebody works on: what comes next, when, and who had it in hand last. */
type Task = {
  number: string
  at: Instant
  step: Step
  rest: Generator<Step, void, Done>
  /** dice of its own: what one case needs changes nothing for the others */
  chance: Chance
  own: Pick<StoredCase, "assignee" | "department">
}

/** Acts of the same ten minutes are done together. */
const together = 10 * minute
/** How far back causes are proposed from facts. */
const proposedFor = 3 * day

/** The people of the sample company at work on their cases, in the world whose clock is turned by hand. */
export class Staff {
  readonly #world: EngineWorld
  readonly #plan: Plan
  readonly #actors: ReadonlyMap<string, Actor>
  readonly #byPlace: ReadonlyMap<string, Planned>
  readonly #propose: () => Promise<unknown>
  readonly #stockOuts: StockOutDesk
  #tasks: Task[] = []
  /** acts done and refused, by act: what a test looks at */
  readonly did: Record<string, number> = {}

  constructor(world: EngineWorld, plan: Plan, ids: ReadonlyMap<string, string>) {
    this.#world = world
    this.#plan = plan
    this.#propose = startProposing(world)
    this.#stockOuts = new StockOutDesk(world, (department, at) => this.#memberOf(department, at))
    this.#byPlace = new Map(plan.orders.map((order) => [orderPlace(order.key).id, order]))
    this.#actors = new Map(
      people.map(({ name, roles, department }) => {
        const held = roles.map(([role, own]) => ({ role, department: own }))
        return [ids.get(name)!, { id: ids.get(name)!, name, roles: held, departments: [department] }]
      }),
    )
  }

  /** Does what people do up to an instant, ten minutes at a time; `turn` turns the clock. */
  async workUntil(at: Instant, turn: (at: Instant) => void): Promise<void> {
    for (;;) {
      const first = Math.min(this.#stockOuts.nextAt, ...this.#tasks.map((task) => task.at))
      if (first > at) return
      const until = Math.min(at, (Math.floor(first / together) + 1) * together)
      turn(until)
      // What an incident has is done there.
      const due = this.#tasks.filter((task) => task.at <= until && !this.#stockOuts.has(task.number))
      this.#tasks = this.#tasks.filter((task) => task.at > until)
      for (const [actor, tasks] of this.#byActor(due)) await this.#act(actor, tasks, until)
      await this.#stockOuts.workUntil(until)
    }
  }

  /** Takes up the cases that were opened at the instant at which the clock stands. */
  async takeUp(at: Instant): Promise<void> {
    const fresh = await listCasesOpenedSince(this.#world.db.pool, at)
    // Of cases that were closed long ago nobody looks at the proposals.
    if (fresh.length > 0 && at > this.#plan.now - proposedFor) await this.#propose()
    const soldOut = []
    for (const own of fresh) {
      const order = this.#byPlace.get(own.orderId)
      if (!order) continue
      const chance = new Chance(`${this.#plan.now} ${order.key.orderNo} ${own.n}`)
      const why = whyLate(chance, order, this.#plan.troubles, at)
      const rest = handling(chance, why, endOf(order))
      const number = caseNumber(own.n, own.bucket)
      this.#goOn({ number, own, rest, chance }, at)
      const { stockOuts } = this.#plan.troubles
      const stockOut = stockOuts.find(({ sku }) => why.cause === "stock_out" && sku === order.item.sku)
      if (stockOut) soldOut.push({ number, stockOut, why })
    }
    await this.#stockOuts.take(soldOut, at)
  }

  #byActor(tasks: readonly Task[]): Map<Actor, Task[]> {
    const byActor = new Map<Actor, Task[]>()
    for (const task of tasks) {
      const actor = this.#whoDoes(task)
      const own = byActor.get(actor)
      if (own) own.push(task)
      else byActor.set(actor, [task])
    }
    return byActor
  }

  /** The one who has the case, else somebody of the department; early ones in the morning, late ones at night. */
  #whoDoes({ step, own, at }: Task): Actor {
    const holder = own.assignee === null ? undefined : this.#actors.get(own.assignee)
    if (step.by === "holder" && holder) return holder
    return this.#memberOf(
      step.by === "holder" ? ((own.department ?? "operations") as DepartmentId) : step.by,
      at,
    )
  }

  #memberOf(department: DepartmentId, at: Instant): Actor {
    const members = people.filter(
      (each) => each.department === department && each.roles.some(([role]) => role !== "viewer"),
    )
    const turn = hourOf(at) < 9 ? "early" : hourOf(at) < 17 ? "day" : "late"
    const chosen = members.find((each) => each.turn === turn) ?? members[0]!
    return [...this.#actors.values()].find(({ name }) => name === chosen.name)!
  }

  async #act(actor: Actor, tasks: readonly Task[], at: Instant): Promise<void> {
    const asked: Asked[] = tasks.map(({ number, step }) => ({
      number,
      input: step.input(at, actor.name),
    }))
    const { done } = await performActs(this.#world, asked, { actor })
    for (const [i, each] of done.entries()) {
      const task = tasks[i]!
      const what = `${asked[i]!.input.act}${each.ok ? "" : ` ${each.code}`}`
      this.did[what] = (this.did[what] ?? 0) + 1
      this.#goOn({ ...task, own: each.ok ? each.own : task.own }, at, each)
    }
  }

  #goOn(task: Omit<Task, "at" | "step">, now: Instant, done?: Done): void {
    const next = done === undefined ? task.rest.next() : task.rest.next(done)
    if (next.done) return
    const { afterMs, from = now } = next.value
    const wanted = Math.max(now, from) + afterMs
    this.#tasks.push({ ...task, step: next.value, at: awake(task.chance, wanted) })
  }
}

/** When and how an order moves on. */
function endOf({ cancelledAt, refunds, collectedAt, shippedAt }: Planned) {
  if (cancelledAt === null) return { solvedAt: collectedAt ?? shippedAt, result: "shipped" as const }
  return { solvedAt: cancelledAt, result: refunds ? ("refunded" as const) : ("cancelled" as const) }
}

/** Nobody works between half past midnight and half past seven. */
function awake(chance: Chance, at: Instant): Instant {
  const now = hourOf(at)
  return now < 0.5 || now >= 7.5 ? at : nextHour(at, [7.5]) + chance.whole(0, hour / 2)
}
