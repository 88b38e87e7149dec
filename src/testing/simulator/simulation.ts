import type { Instant } from "../../core/instants.ts"
import { openDatabase } from "../../store/database.ts"
import type { Seen } from "./books.ts"
import { Company } from "./company.ts"
import { Course } from "./course.ts"
import { establish, office } from "./office.ts"
import { drain, scene } from "./scene.ts"
import { story } from "./stories.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What is simulated: the seed decides everything else. */
export type Given = {
  url: string
  seed: number
  weeks: number
  ordersAWeek?: number
  until?: number
  course?: Course
}

/** What came about, and the digest of how: the same seed has the same. */
export type Simulated = { seen: Seen; course: string }

/** Runs a company for some weeks against a migrated, empty database; throws Disagreement. */
export async function simulate(given: Given): Promise<Simulated> {
  const db = openDatabase(given.url, { max: 24 })
  // Which session an act is given is part of its course: none goes because it was idle for long.
  db.pool.options.idleTimeoutMillis = 0
  const course = given.course ?? new Course()
  const company = new Company(db, given.seed, course)
  try {
    await establish(company)
    await live(company, given)
    return { seen: company.books.seen, course: course.digest }
  } finally {
    await company.close()
    await db.close()
  }
}

/** Step by step until the weeks are over: the office, a scene, a turn of the clock. */
async function live(company: Company, { weeks, ordersAWeek = 30, until }: Given): Promise<void> {
  const end = company.now + weeks * 7 * day
  let nextWeek = company.now
  while (company.now < end) {
    if (company.now >= nextWeek) {
      hear(company, ordersAWeek, nextWeek)
      nextWeek += 7 * day
    }
    company.books.step += 1
    if (until !== undefined && company.books.step > until) return
    company.course.note(`step ${company.books.step} at ${company.now}`)
    await office(company)
    await scene(company)
    turn(company)
  }
  await drain(company)
}

/** New orders of a week, with all that will be told of them. */
function hear(company: Company, orders: number, from: Instant): void {
  const { chance, queue } = company
  for (let i = 0; i < orders; i++) {
    const from_ = from + chance.int(0, 6) * day
    queue.push(...story(chance, String(++company.orders), from_, () => company.policies.length))
  }
  queue.sort((one, other) => one.at - other.at)
}

/** Turns the clock: to the next telling, to the next instant at which something is due, some minutes on, or far after an outage. */
function turn(company: Company): void {
  const { books, chance, now } = company
  const next = company.queue.find((each) => each.at > now)
  const nextTold = next?.at
  let nextDue: Instant | undefined
  for (const { nextAt } of [...books.lives.values(), ...books.help.all.values()])
    if (nextAt !== null && nextAt > now && (nextDue === undefined || nextAt < nextDue)) nextDue = nextAt
  const to = chance.weighted<Instant | undefined>([
    [30, nextTold],
    [20, nextDue],
    [5, nextDue && nextDue + 1],
    [2, nextDue && nextDue - 1],
    [10, now + chance.int(1, 180) * minute],
    [2, now + chance.int(1, 30) * hour],
    [1, now - chance.int(1, 3 * minute)],
  ])
  company.now = next?.isExact ? next.at : (to ?? now + chance.int(1, 120) * minute)
  if (chance.happens(0.003)) {
    books.note("outages")
    const span = chance.happens(0.5) ? 8 * day + chance.int(0, day) : chance.int(1, 9) * day
    // Either all is down, or only the engines are, and what is told and done in that time goes on.
    if (chance.happens(0.5)) company.now += span
    else company.downUntil = company.now + span
  }
}
