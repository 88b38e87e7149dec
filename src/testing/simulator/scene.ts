import { Refusal } from "../../core/refusals.ts"
import { orderPlace } from "../../store/keys.ts"
import { type Act, ticking, watching, writing } from "./acts.ts"
import type { Answered } from "./books.ts"
import type { Deed } from "./branches.ts"
import type { Company } from "./company.ts"
import { direct } from "./director.ts"
import type { HelpDeed } from "./helpBook.ts"
import { askingForHelp, settlingHelp } from "./helping.ts"
import { importing } from "./imports.ts"
import type { IncidentDeed } from "./incidentBook.ts"
import { askingOnce, askingOnceMore, carrying, incidentRequest, underWay } from "./incidents.ts"
import { asking, askingAgain, request, takingBack } from "./people.ts"
import type { Telling } from "./stories.ts"

/** A scene: what is due to be told, by calls and files, beside people and engines. */
export async function scene(company: Company): Promise<void> {
  const { books, chance } = company
  const due = company.queue.filter((each) => each.at <= company.now)
  company.queue = company.queue.filter((each) => each.at > company.now)
  const acts: Act[] = []
  if (due.length > 0) {
    const some = chance.shuffled(due)
    const cut = chance.happens(0.3) ? chance.int(0, some.length) : some.length
    for (const part of [some.slice(0, cut), some.slice(cut)])
      if (part.length > 0)
        acts.push(...(chance.happens(0.15) ? await importing(company, part) : [writing(company, part)]))
    // The same call again from a sender who did not wait, and others that wait for a later one.
    if (chance.happens(0.1))
      acts.push(
        writing(
          company,
          some.filter(() => chance.happens(0.8)),
        ),
      )
  }
  if (chance.happens(0.05) && books.lives.size > 0)
    acts.push(watching(company, chance.one([...books.lives.values()]), chance.happens(0.4)))
  acts.push(...(await people(company, due)))
  acts.push(...(await incidents(company)))
  acts.push(...(await help(company)))
  for (let n = engines(company); n > 0; n--) acts.push(ticking(company))
  if (acts.length > 0) await play(company, acts)
  if (company.now >= company.downUntil && chance.happens(0.05)) await drain(company)
  if (chance.happens(0.08)) await deskWork(company)
  for (const each of underWay(company))
    if (chance.happens(0.12)) await play(company, [carrying(company, each)])
}

/** How many engines work now. */
const engines = ({ chance, now, downUntil }: Company): number =>
  now < downUntil
    ? 0
    : chance.weighted([
        [4, 0],
        [5, 1],
        [3, 2],
        [1, 3],
      ])

/** What people do to cases beside all that, mostly to those of which something is told or due. */
async function people(company: Company, due: readonly Telling[]): Promise<Act[]> {
  const { chance, books, now } = company
  const acts: Act[] = []
  const hot = new Set([
    ...due.map(({ key }) => orderPlace(key).id),
    ...[...books.lives.values()].flatMap((life) =>
      life.nextAt !== null && life.nextAt <= now ? [life.id] : [],
    ),
  ])
  if (chance.happens(0.45)) {
    const asked = await request(company, hot)
    // A sender who did not wait asks twice.
    const isTwice = asked?.actId !== undefined && chance.happens(0.15)
    if (asked) acts.push(asking(company, asked, !isTwice))
    if (asked && isTwice) acts.push(asking(company, asked, false))
  }
  const other = chance.happens(0.06) ? askingAgain(company) : chance.happens(0.1) ? takingBack(company) : null
  return other === null ? acts : [...acts, other]
}

/** What people ask of incidents beside all that, and the jobs that bring it to their cases. */
async function incidents(company: Company): Promise<Act[]> {
  const { chance } = company
  const acts: Act[] = []
  if (chance.happens(0.2)) {
    const asked = await incidentRequest(company)
    if (asked) acts.push(askingOnce(company, asked))
    // A sender who did not wait asks twice, and others ask beside.
    if (asked && chance.happens(0.15)) acts.push(askingOnce(company, asked))
    const other = chance.happens(0.15) ? await incidentRequest(company) : null
    if (other) acts.push(askingOnce(company, other))
  }
  const again = chance.happens(0.02) ? askingOnceMore(company) : null
  if (again) acts.push(again)
  for (const each of underWay(company))
    for (let n = chance.one([0, 0, 0, 0, 1, 2]); n > 0; n--) acts.push(carrying(company, each))
  return acts
}

/** Who asks for help beside all that, and who answers or takes that back. */
async function help(company: Company): Promise<Act[]> {
  const { chance } = company
  const asks = chance.happens(0.12) ? await askingForHelp(company) : null
  const settles = [0.15, 0.03].map((likely) => (chance.happens(likely) ? settlingHelp(company) : null))
  return [asks, ...settles].flatMap((act) => act ?? [])
}

/** Somebody who has time goes on with cases one act after the other. */
async function deskWork(company: Company): Promise<void> {
  for (let n = company.chance.int(1, 8); n > 0; n--) {
    const asked = await request(company, new Set())
    if (asked) await play(company, [asking(company, asked)])
    const back = company.chance.happens(0.25) ? takingBack(company) : null
    if (back) await play(company, [back])
  }
}

/** One engine alone takes all that is due; then nothing is. */
export async function drain(company: Company): Promise<void> {
  const { books, now } = company
  for (const each of underWay(company)) await play(company, [carrying(company, each, null, 0)])
  if (underWay(company).length > 0) books.disagree(["an act of an incident was not carried out"])
  await play(company, [ticking(company, 0, null)])
  const late = [...books.lives.values()].filter(({ nextAt }) => nextAt !== null && nextAt <= now)
  const unheard = [...books.help.all.values()].filter(({ nextAt }) => nextAt !== null && nextAt <= now)
  if (unheard.length > 0) books.disagree(unheard.map(({ id }) => `help ${id} is due and was not looked at`))
  if (late.length > 0)
    books.disagree(
      late.map(({ key, nextAt }) => `${key.orderNo} is due since ${nextAt! - now} ms and was not looked at`),
    )
}

/** Lets acts go on side by side, and holds the database against the books once their endings are known. */
export async function play(company: Company, acts: readonly Act[]): Promise<void> {
  const { books } = company
  const endings = await direct(
    company,
    acts.map(({ run, fault }) => ({ act: run, fault })),
  )
  const deeds: Deed[] = []
  const answered = new Map() as Answered
  const asked: IncidentDeed[] = []
  const helped: HelpDeed[] = []
  for (const [i, act] of acts.entries()) {
    const ending = endings[i]!
    books.note("statements", ending.statements)
    if ("failed" in ending) judgeFailure(company, ending)
    if (act.fault !== null && ending.statements >= act.fault.at) books.note(act.fault.how)
    const deed = act.deed(ending)
    if (deed) deeds.push(deed)
    const help = act.help?.(ending)
    if (help) helped.push(help)
    const common = act.common?.(ending)
    if (common) asked.push(common)
    const answers = "done" in ending ? act.answers?.(ending.done) : null
    if (deed && answers) answered.set(deed, answers)
  }
  books.now = company.now
  await books.check(deeds, answered, { asked, helped })
  for (const [i, act] of acts.entries()) await act.ended?.(endings[i]!)
}

function judgeFailure({ books }: Company, { failed, killed }: { failed: Error; killed: boolean }): void {
  if (killed || failed instanceof Refusal) return
  // A session of its own that is lost outside of a transaction is not tried again.
  if (/Connection terminated/.test(failed.message)) return
  books.disagree([`an act failed: ${failed.stack}`])
}
