import type pg from "pg"
import { incidentNumber } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import {
  actOf,
  answersAfter,
  type Incident,
  type IncidentAct,
  isStep,
  type Standing,
  standingAfter,
  type Turn,
} from "./incident.ts"
import { type ActRow, type IncidentRow, readIncidents } from "./incidentRows.ts"
import type { IncidentRequest } from "./incidents.ts"
import type { CaseFact, Life } from "./life.ts"
import type { Common } from "./members.ts"
import type { Worker } from "./staff.ts"

/** What was asked of an incident, and how that ended; null: nobody heard. */
export type IncidentDeed = IncidentRequest & { at: Instant; answer: string | null }

const patienceMs = 10 * 60_000

/** The incidents of a company: the list of what was done to each, as the database shows its order, and whether that is allowed and all that stands there. */
export class IncidentBook {
  all: ReadonlyMap<number, Incident> = new Map()
  readonly #disagree: (what: string[]) => never
  readonly #workers: () => readonly Worker[]
  readonly #lives: ReadonlyMap<string, Life>
  /** the numbers of cases that were ever named, with the case */
  readonly #named = new Map<string, string>()
  /** acts that were under way before or came in the scene, by incident, and those that were under way all through it */
  #live = new Map<number, IncidentAct[]>()
  #throughout = new Map<number, IncidentAct[]>()
  #rows: IncidentRow[] = []

  constructor(
    disagree: (what: string[]) => never,
    workers: () => readonly Worker[],
    lives: ReadonlyMap<string, Life>,
  ) {
    this.#lives = lives
    this.#disagree = disagree
    this.#workers = workers
  }

  /** Reads what stands of incidents after a scene, and holds it against what was asked of them. */
  async look(pool: pg.Pool, deeds: readonly IncidentDeed[], isAlone: boolean): Promise<void> {
    this.#live = new Map()
    this.#throughout = new Map()
    if (this.all.size === 0 && deeds.length === 0) return
    this.#rows = await readIncidents(pool)
    for (const deed of deeds)
      for (const [number, key] of "open" in deed ? deed.open.cases : deed.cases) this.#named.set(number, key)
    const next = new Map<number, Incident>()
    for (const [i, row] of this.#rows.entries()) {
      if (row.n !== i + 1) this.#disagree([`incident ${row.n} has number ${i + 1} to have`])
      next.set(row.n, this.#goOn(row, deeds, isAlone))
    }
    this.all = next
    for (const deed of deeds) this.#answered(deed)
  }

  /** An incident as it went on in a scene. */
  #goOn(row: IncidentRow, deeds: readonly IncidentDeed[], isAlone: boolean): Incident {
    const known = this.all.get(row.n) ?? this.#opened(row, deeds)
    const wrong = (what: string): never => this.#disagree([`incident ${incidentNumber(row.n)} ${what}`])
    const before = new Map(known.acts.map((act) => [act.seq, act]))
    const acts = row.acts.map((each, i): IncidentAct => {
      if (each.seq !== i + 1) return wrong(`has act ${each.seq} at place ${i + 1}`)
      const old = before.get(each.seq)
      if (old)
        return { ...old, state: each.state, isAlone: old.isAlone && (isAlone || old.state !== "running") }
      return (
        this.#asked(row, each, deeds) ?? wrong(`has an act that nobody asked for: ${JSON.stringify(each)}`)
      )
    })
    const incident = { ...known, acts }
    const live = acts.filter(({ seq }) => (before.get(seq)?.state ?? "running") === "running")
    this.#live.set(row.n, live)
    this.#throughout.set(
      row.n,
      live.filter(({ seq, state }) => before.has(seq) && state === "running"),
    )
    const fresh = acts.filter(({ seq }) => !known.course.some((turn) => "act" in turn && turn.act === seq))
    let nearest: string[] | null = null
    for (const turns of courses(incident, fresh, live)) {
      const course = [...known.course, ...turns]
      const differing = [
        ...standsDifferently(row, standingAfter(incident, course, this.#workers())),
        ...this.#refusable({ ...incident, course }, fresh, deeds),
      ]
      if (differing.length === 0) return { ...incident, course }
      if (nearest === null || differing.length < nearest.length) nearest = differing
    }
    return wrong(
      [...(nearest ?? ["went on in no order"]), JSON.stringify(row), JSON.stringify(known.course)].join(
        "\n    ",
      ),
    )
  }

  #opened(row: IncidentRow, deeds: readonly IncidentDeed[]): Incident {
    for (const deed of deeds)
      if ("open" in deed && deed.answer !== "text_needed" && deed.open.title === row.opening) {
        const { id, n } = row
        const { title, cause = null } = deed.open
        return { id, n, title, cause, openedAt: deed.at, openedBy: deed.by.name, acts: [], course: [] }
      }
    return this.#disagree([`incident ${row.n} was opened by nobody: ${JSON.stringify(row)}`])
  }

  /** The act of a row as somebody asked for it. */
  #asked({ n, opening }: IncidentRow, row: ActRow, deeds: readonly IncidentDeed[]): IncidentAct | null {
    const isIt = (deed: IncidentDeed) =>
      "open" in deed ? row.seq === 1 && deed.open.title === opening : deed.n === n && deed.actId === row.actId
    const deed = deeds.find(isIt)
    if (deed === undefined || row.at !== deed.at || row.by !== deed.by.id) return null
    const { tag, by, at } = deed
    const isAlone = row.state === "running" && row.done + row.refused === 0
    const input = "open" in deed ? ({ act: "gather" } as const) : deed.input
    if (input.act !== row.act) return null
    const named = "open" in deed ? deed.open.cases : deed.cases
    const act = {
      seq: row.seq,
      tag,
      by,
      at,
      input,
      state: row.state,
      got: row.got,
      isAlone,
      cases: null,
    }
    if (isStep(act)) return row.cases === null ? act : null
    const cases = new Set((row.cases ?? []).map((number) => this.#named.get(number)!))
    const isSame =
      input.act === "undo" || [...cases].sort().join() === [...new Set(named.values())].sort().join()
    return isSame ? { ...act, cases } : null
  }

  /** What is wrong with the acts of a scene where they came in a course: each was allowed at its turn, and who got the incident may have. */
  #refusable(incident: Incident, fresh: readonly IncidentAct[], deeds: readonly IncidentDeed[]): string[] {
    const workers = this.#workers()
    return fresh.flatMap((act) => {
      const deed = deeds.find(({ tag }) => tag === act.tag)
      const turn = incident.course.findIndex((each) => "act" in each && each.act === act.seq)
      if (deed === undefined || "open" in deed) return []
      const answers = answersAfter(
        incident,
        incident.course.slice(0, turn),
        { ...deed, workers },
        act.at,
        this.#followers(incident.n),
      )
      if (!answers.includes("done")) return [`${act.input.act} was done, ought to be ${answers}`]
      if (act.input.act !== "assign" || act.input.person !== undefined) return []
      const { department } = standingAfter(incident, incident.course.slice(0, turn + 1), workers)
      const isOfIt = workers.some((each) => each.id === act.got && each.department === department)
      return isOfIt ? [] : [`was given to ${act.got}, who is not of ${department}`]
    })
  }

  /** Whether cases follow an incident, the archived ones among them. */
  #followers(n: number): "some" | "none" | "unknown" {
    if (this.#live.get(n)?.some(({ cases }) => cases !== null)) return "unknown"
    const follows = ({ cases }: Life) => cases.some((own) => own.incident === n && !own.exempt)
    return [...this.#lives.values()].some(follows) ? "some" : "none"
  }

  /** Whether an answer is one that there was, at one of the turns of the scene. */
  #answered(deed: IncidentDeed): void {
    const { answer } = deed
    if (answer === null) return
    const workers = this.#workers()
    const wrong = (why: string) => this.#disagree([`${JSON.stringify(deed)} was answered ${answer}${why}`])
    if ("open" in deed) {
      const { title, cause } = deed.open
      const isThere = this.#rows.some(({ opening }) => opening === title)
      const ought = title.trim() === "" ? "text_needed" : cause === "nonsense" ? "unknown_cause" : "done"
      if (answer !== ought || (answer === "done") !== isThere)
        wrong(`, ought to be ${ought}; ${isThere ? "" : "not "}there`)
      return
    }
    const incident = this.all.get(deed.n)!
    const isThere = incident.acts.some(({ tag }) => tag === deed.tag)
    if (isThere || answer === "done") {
      if (!isThere || answer !== "done") wrong(isThere ? ", and stands there" : ", and does not stand there")
      return
    }
    const { course } = incident
    const all = course.map((_, i) =>
      answersAfter(
        incident,
        course.slice(0, course.length - i),
        { ...deed, workers },
        deed.at,
        this.#followers(deed.n),
      ),
    )
    if (!all.slice(0, 12).some((each) => each.includes(answer))) wrong(`, ought to be ${all[0]}`)
  }

  // ---------------------------------------------------------------- what it means for cases

  /** Whether an act that was under way in the scene may have reached a case of an order. */
  isConcerned(life: Life | undefined, n: number): boolean {
    const cases = life?.cases ?? []
    return cases.some(
      (own, which) => this.comingTo(n, own, `${life!.id} ${which}`).length > 0 || own.incident === n,
    )
  }

  /** The acts that may have come upon a case in the scene next, as it stands. */
  comingTo(n: number, own: CaseFact, key: string): Common[] {
    const incident = this.all.get(n)!
    const coming: Common[] = []
    for (const act of this.#live.get(n) ?? []) {
      const concerns =
        act.cases === null
          ? own.incident === n && !own.exempt && own.incidentSeq < act.seq
          : act.cases.has(key) && !own.had.has(act.tag)
      if (!concerns) continue
      const turn = incident.course.findIndex((each) => "act" in each && each.act === act.seq)
      const standing = standingAfter(incident, incident.course.slice(0, turn + 1), this.#workers())
      const undoes = act.input.act === "undo" ? actOf(incident, act.input.seq).tag : null
      coming.push({ of: n, act, standing, undoes, workers: this.#workers() })
      // What was taken back meanwhile may have come upon it or not, and what is archived may have been left out.
      if (act.state !== "undone" && (act.cases !== null || own.archivedAt === null)) break
    }
    return coming
  }

  /** Whether every act that names a case of an order and has reached all of its cases has had its turn with that. */
  isThrough({ id, cases }: Life): boolean {
    const done = [...this.#live.values()].flat().filter(({ state }) => state === "done")
    return cases.every(({ had }, which) =>
      done.every((act) => had.has(act.tag) || !act.cases?.has(`${id} ${which}`)),
    )
  }

  /** Whether a tick of the scene leaves a case to an act of its incident that is under way: for ten minutes at most. */
  waits({ incident, exempt, incidentSeq }: CaseFact, at: Instant): "must" | "may" | "no" {
    if (incident === null || exempt) return "no"
    const isSo = (acts: readonly IncidentAct[] = []) =>
      acts.some(({ seq }) => seq > incidentSeq) && acts.some((act) => act.at > at - patienceMs)
    return isSo(this.#throughout.get(incident)) ? "must" : isSo(this.#live.get(incident)) ? "may" : "no"
  }

  /** Holds what acts did to cases against what stands of the acts: whom they reached, and how many. */
  reached(lives: ReadonlyMap<string, Life>, before: ReadonlyMap<string, Life>): void {
    const casesOf = (all: ReadonlyMap<string, Life>) =>
      new Map(
        [...all].flatMap(([id, life]) => life.cases.map((own, which) => [`${id} ${which}`, own] as const)),
      )
    const live = [...this.#live].flatMap(([n, acts]) =>
      acts.map((act) => ({ incident: this.all.get(n)!, act })),
    )
    if (live.length === 0) return
    const cases = casesOf(lives)
    const was = casesOf(before)
    for (const { incident, act } of live) {
      const wrong = (what: string) =>
        this.#disagree([`act ${act.seq} (${act.input.act}) of ${incidentNumber(incident.n)} ${what}`])
      const had = [...cases].filter(([, own]) => own.had.has(act.tag))
      if (act.input.act === "undo" && act.cases !== null) {
        const { tag } = actOf(incident, act.input.seq)
        const did = [...cases].flatMap(([key, { log }]) =>
          log.some((each) => each.act === tag) ? [key] : [],
        )
        if (did.sort().join() !== [...act.cases].sort().join())
          wrong(`takes back ${[...act.cases]}, ought to ${did}`)
      }
      if (act.state !== "done") continue
      const follows = (own: CaseFact | undefined) =>
        own?.incident === incident.n && !own.exempt && own.archivedAt === null
      for (const [key, own] of cases) {
        const is = act.cases === null ? follows(own) && follows(was.get(key)) : act.cases.has(key)
        const isReached = act.cases === null ? own.incidentSeq >= act.seq : own.had.has(act.tag)
        if (is && own.reopened === was.get(key)?.reopened && !isReached) wrong(`did not reach ${key}`)
      }
      if (!act.isAlone) continue
      const row = this.#rows[incident.n - 1]!.acts[act.seq - 1]!
      const done = had.filter(([, own]) => own.had.get(act.tag) === "done").length
      if (row.done !== done || row.refused !== had.length - done)
        wrong(
          `was done to ${row.done} and refused by ${row.refused} cases, ought to ${done} and ${had.length - done}`,
        )
      const turn = incident.course.findIndex((each) => "finished" in each && each.finished === act.seq)
      const last = incident.course[turn] as Extract<Turn, { finished: number }>
      if (act.input.act !== "resolve" || turn < incident.course.length - 1) continue
      const { state } = standingAfter(incident, incident.course.slice(0, turn), this.#workers())
      if (!["open", "analysed", "planned"].includes(state)) continue
      const waiting = [...cases.values()].some(
        (own) => follows(own) && own.state !== "resolved" && own.state !== "reported",
      )
      if (last.solved === waiting) wrong(`left the incident ${last.solved ? "" : "un"}resolved`)
    }
  }
}

/** Every order in which acts and the ends of acts may have come about in a scene: acts by their numbers, an end after its act and not after that was taken back. */
function* courses(
  incident: Incident,
  fresh: readonly IncidentAct[],
  live: readonly IncidentAct[],
  turns: readonly Turn[] = [],
): Generator<readonly Turn[]> {
  const [next, ...rest] = fresh
  const [end, ...ends] = live
  const isBehind = end !== undefined && fresh.some(({ seq }) => seq === end.seq)
  const isBack = (seq: number) =>
    turns.some((turn) => "act" in turn && backOf(actOf(incident, turn.act)) === seq)
  if (next === undefined && end === undefined) yield turns
  if (next !== undefined) yield* courses(incident, rest, live, [...turns, { act: next.seq }])
  if (end === undefined || isBehind) return
  if (end.state !== "done") yield* courses(incident, fresh, ends, turns)
  if (end.state === "running" || isBack(end.seq)) return
  for (const solved of end.input.act === "resolve" ? [true, false] : [false])
    yield* courses(incident, fresh, ends, [...turns, { finished: end.seq, solved }])
}
const backOf = ({ input }: IncidentAct): number | null => (input.act === "undo" ? input.seq : null)

/** Where an incident stands otherwise than it ought to. */
function standsDifferently(row: IncidentRow, wanted: Standing): string[] {
  return (Object.keys(wanted) as (keyof Standing)[]).flatMap((field) => {
    const [one, other] = [row.standing[field], wanted[field]].map((each) => JSON.stringify(each))
    return one === other ? [] : [`${field}: ${one} stands, ${other} ought to`]
  })
}
