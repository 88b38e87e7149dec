import type pg from "pg"
import type { Instant } from "../../core/instants.ts"
import type { Rules } from "../../core/judge.ts"
import { type Asking, asked, askedWrongly, type Help, settled, ticked } from "./help.ts"
import { type HelpRow, readHelp, rowOf } from "./helpRows.ts"
import type { Worker } from "./staff.ts"

/** What somebody did about help, and how that ended; null: nobody heard. */
export type HelpDeed = { by: Worker; at: Instant; answer: string | null } & (
  | { ask: { id: string; subject: string; asking: Asking } }
  | { settle: { id: string; text: string | null } }
)

/** One way in which the acts of a scene may have come upon a request. */
type Way = { help: Help; happened: readonly HelpDeed[] }

/** The requests for help of a company beside its database: after every step both have to say the same. */
export class HelpBook {
  readonly all = new Map<string, Help>()
  readonly #disagree: (what: string[]) => never
  readonly #workers: () => readonly Worker[]
  readonly #rules: () => Rules
  readonly #note: (what: string, n: number) => void

  constructor(
    disagree: (what: string[]) => never,
    workers: () => readonly Worker[],
    rules: () => Rules,
    note: (what: string, n: number) => void,
  ) {
    this.#note = note
    this.#disagree = disagree
    this.#workers = workers
    this.#rules = rules
  }

  /** Holds what stands of requests after a scene against what was done and the instants of its ticks. What was said of them is taken out of the `box`. */
  async look(
    pool: pg.Pool,
    deeds: readonly HelpDeed[],
    ticks: readonly Instant[],
    box: Map<string, string[]>,
  ): Promise<void> {
    if (this.all.size === 0 && deeds.length === 0) return
    const rows = await readHelp(pool)
    for (const deed of deeds) if ("ask" in deed) this.#asked(deed, rows)
    for (const id of rows.keys()) if (!this.all.has(id)) this.#disagree([`nobody asked for help ${id}`])
    for (const [id, help] of this.all) {
      const row = rows.get(id)
      if (row === undefined) return this.#disagree([`help ${id} is not there any more`])
      const own = deeds.filter((deed) => "settle" in deed && deed.settle.id === id)
      this.all.set(id, this.#goOn(help, row, own, ticks, box.get(id) ?? []))
      box.delete(id)
    }
  }

  /** Puts a request into the book that was made in the scene. */
  #asked(deed: Extract<HelpDeed, { ask: object }>, rows: ReadonlyMap<string, HelpRow>): void {
    const { ask, by, at, answer } = deed
    const ought = askedWrongly(ask.asking, by, this.#workers()) ?? "done"
    const isThere = rows.has(ask.id)
    if ((answer !== null && answer !== ought) || (isThere ? ought !== "done" : answer === "done"))
      this.#disagree([
        `${JSON.stringify(deed)} was answered ${answer}, ought to be ${ought}; ${isThere ? "" : "not "}there`,
      ])
    if (isThere) this.all.set(ask.id, asked(ask.id, { ...ask, by }, this.#workers(), this.#rules(), at))
  }

  /** A request as it went on in a scene, in a way that the database shows. */
  #goOn(
    before: Help,
    row: HelpRow,
    deeds: readonly HelpDeed[],
    ticks: readonly Instant[],
    box: readonly string[],
  ): Help {
    let nearest: string[] | null = null
    for (const { help, happened } of this.#ways(
      { help: before, happened: [] },
      deeds,
      ticks,
      Number(row.version),
    )) {
      if (deeds.some((deed) => deed.answer !== null && !happened.includes(deed))) continue
      const wanted = rowOf(help, help.said.slice(before.said.length))
      const found: HelpRow = { ...row, said: [...box].sort() }
      const differing = Object.keys(wanted).flatMap((field) => {
        const [one, other] = [found[field], wanted[field]].map(textOf)
        return one === other ? [] : [`${field}: ${one} stands, ${other} ought to`]
      })
      if (differing.length === 0) {
        this.#note("help said", help.said.length - before.said.length)
        this.#note("help went on", help.escalations.length - before.escalations.length)
        return help
      }
      if (nearest === null || differing.length < nearest.length) nearest = differing
    }
    return this.#disagree([
      `help ${before.id}, version ${before.version} → ${row.version}`,
      ...(nearest ?? ["no order of the acts leads to that version"]),
      textOf(before),
      ...deeds.map(textOf),
      `ticks at ${ticks}`,
    ])
  }

  /** Every way to a version: each deed once at most, ticks as often as something is due. */
  *#ways(way: Way, deeds: readonly HelpDeed[], ticks: readonly Instant[], version: number): Generator<Way> {
    const { help, happened } = way
    if (help.version > version) return
    if (help.version === version) yield way
    for (const deed of deeds) {
      if (!("settle" in deed) || happened.includes(deed)) continue
      const next = settled(help, { by: deed.by, text: deed.settle.text }, this.#rules(), deed.at)
      if (deed.answer === null || deed.answer === next.answer)
        yield* this.#ways({ help: next.help, happened: [...happened, deed] }, deeds, ticks, version)
    }
    for (const at of ticks)
      if (help.nextAt !== null && help.nextAt <= at)
        yield* this.#ways({ help: ticked(help, this.#rules(), at), happened }, deeds, ticks, version)
  }
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    each === Infinity ? "infinity" : each instanceof Map ? [...each] : each,
  )
