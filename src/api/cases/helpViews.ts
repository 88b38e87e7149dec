import type { Actor } from "../../core/cases.ts"
import { isoOf, isoOrNull } from "../../core/instants.ts"
import { mayAnswer, mayWithdraw } from "../../engine/help/ask.ts"
import { namesOf } from "../../store/assignees.ts"
import { listClocks } from "../../store/clocks.ts"
import type { StoredHelp } from "../../store/help.ts"
import type { HelpView } from "../contract/words.ts"
import type { World } from "../world.ts"
import { innerClockViews, personRef } from "./rows.ts"

/** Requests for help as pages show them to somebody. */
export async function helpViews(world: World, all: readonly StoredHelp[], actor: Actor): Promise<HelpView[]> {
  const { pool } = world.db
  const [clocks, names, { policies }] = await Promise.all([
    listClocks(pool, all, "duty"),
    namesOf(
      pool,
      all.flatMap(({ byStaff, toPerson, escalations }) => [
        byStaff,
        toPerson,
        ...escalations.map(({ to }) => to),
      ]),
    ),
    world.ruleBook(pool),
  ])
  return all.map((each) => ({
    id: each.id,
    about: { kind: each.subject.startsWith("I-") ? "incident" : "case", number: each.subject },
    at: isoOf(each.at),
    by: personRef(names, each.byStaff),
    byName: each.byWhom,
    to: { department: each.toDepartment, person: personRef(names, each.toPerson) },
    text: each.text,
    state: each.state,
    answer:
      each.state === "answered"
        ? { at: isoOf(each.answeredAt!), by: each.answeredBy, text: each.answer ?? "" }
        : null,
    escalations: each.escalations.map(({ at, to }) => ({ at: isoOf(at), to: personRef(names, to)! })),
    escalatesAt: isoOrNull(each.escalatesAt === Infinity ? null : each.escalatesAt),
    clock: innerClockViews(clocks.get(each.id) ?? [], policies)[0] ?? null,
    may: {
      answer: each.state === "asked" && mayAnswer(each, actor),
      withdraw: each.state === "asked" && mayWithdraw(each, actor),
    },
  }))
}
