import type { Instant } from "../../core/instants.ts"
import type { Settings } from "../../core/settings.ts"
import { transaction } from "../../store/database.ts"
import { allRuns } from "../../store/keys.ts"
import { foldTallies, sweepTallies } from "../../store/rollups.ts"
import { changeSettings as saveSettings } from "../../store/rules.ts"
import type { Company } from "./company.ts"
import { undoing } from "./imports.ts"
import { play } from "./scene.ts"
import { hire } from "./staff.ts"
import { calendars, channels, otherSettings, policy } from "./stories.ts"

const minute = 60_000

/** The rules that the company has at first, and who works there. */
export async function establish(company: Company): Promise<void> {
  await publish(company, Date.UTC(2020, 0, 1))
  for (const [name, document] of Object.entries(calendars))
    await company.db.pool.query("insert into calendars (name, version, document) values ($1, 1, $2)", [
      name,
      document,
    ])
  await changeSettings(company, channels)
  company.workers.push(...(await hire(company.db, company.now)))
}

/** What goes on in the office before a scene: rules change, imports are taken back, counts are folded. */
export async function office(company: Company): Promise<void> {
  const { chance, db } = company
  if (chance.happens(0.004)) await publish(company, company.now + chance.int(10, 60 * 24) * minute)
  if (chance.happens(0.006)) await changeSettings(company, otherSettings(chance))
  if (chance.happens(0.02)) {
    const act = undoing(company)
    if (act) await play(company, [act])
  }
  if (chance.happens(0.1)) {
    const runs = allRuns.filter(() => chance.happens(0.7))
    await foldTallies(db.pool, runs)
    if (chance.happens(0.1)) await sweepTallies(db.pool, runs)
  }
}

async function publish(company: Company, effectiveAt: Instant): Promise<void> {
  const document = policy(company.chance, company.policies.length + 1, effectiveAt)
  company.addPolicy(document)
  await company.db.pool.query(
    "insert into policies (version, document, published_at) values ($1, $2, to_timestamp($3::float8 / 1000))",
    [document.version, document, company.now],
  )
  company.books.note("policies")
}

async function changeSettings(company: Company, changed: NonNullable<Settings["channels"]>): Promise<void> {
  await transaction(company.db, (tx) => saveSettings(tx, changed, { who: "owner", at: company.now }))
  company.settings.push({ channels: { ...company.settings.at(-1)!.channels, ...changed } })
  company.books.note("settings")
}
