import type { World } from "../api/world.ts"
import type { Instant } from "../core/instants.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { addPerson, saveCompany, saveDepartment } from "../store/people.ts"
import { changeSettings } from "../store/rules.ts"
import { day } from "./calendar.ts"
import { channelSettings, company } from "./company.ts"
import { departments, people, samplePassword } from "./people.ts"

/** Founds the sample company: its name, departments, what its channels are like, and its people with their roles. Answers the people's ids by name. */
export async function found(
  world: Pick<World, "db" | "signIn">,
  at: Instant,
  now: Instant,
): Promise<Map<string, string>> {
  const users = await Promise.all(
    people.map(({ name, email }) => world.signIn.add({ name, email, password: samplePassword })),
  )
  return transaction(world.db, async (tx) => {
    const ids = new Map<string, string>()
    await saveCompany(tx, company, at)
    for (const each of departments) await saveDepartment(tx, each)
    await changeSettings(tx, channelSettings, { who: "顾言", at })
    for (const [i, { name, email, roles, leavesInDays }] of people.entries()) {
      const expiresAt = leavesInDays === undefined ? null : now + leavesInDays * day
      const held = roles.map(([role, department]) => ({ role, department }))
      ids.set(name, await addPerson(tx, { authUserId: users[i]!, name, email, expiresAt, roles: held }, at))
    }
    await note(tx, { who: "顾言", what: "company.create", subject: "company", after: company }, at)
    return ids
  })
}
