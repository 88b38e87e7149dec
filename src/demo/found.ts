import type { World } from "../api/world.ts"
import type { Instant } from "../core/instants.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { savePartner, saveWarehouse } from "../store/directory.ts"
import { newId } from "../store/keys.ts"
import { saveHead } from "../store/memberships.ts"
import { addPerson, saveCompany, saveDepartment } from "../store/people.ts"
import { addShifts, type Shift } from "../store/rosters.ts"
import { changeSettings } from "../store/rules.ts"
import type { Session } from "../store/statement.ts"
import { day, dayStart, hour, weekdayOf } from "./calendar.ts"
import { carriers, channelSettings, company, partners, warehouses } from "./company.ts"
import { departments, people, samplePassword, turns } from "./people.ts"

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
    for (const [i, { name, email, department, roles, head, leavesInDays }] of people.entries()) {
      const expiresAt = leavesInDays === undefined ? null : now + leavesInDays * day
      const held = roles.map(([role, department]) => ({ role, department }))
      const person = { authUserId: users[i]!, name, email, expiresAt, department, roles: held }
      ids.set(name, await addPerson(tx, person, at))
      if (head) await saveHead(tx, department, ids.get(name)!)
    }
    await saveDirectory(tx, at)
    await addShifts(tx, rosterOf(ids, at, now), at)
    await note(tx, { who: "顾言", what: "company.create", subject: "company", after: company }, at)
    return ids
  })
}

/** The warehouses with their lorries, and whom to call. */
async function saveDirectory(tx: Session, at: Instant): Promise<void> {
  for (const [position, { name, region }] of warehouses.entries())
    await saveWarehouse(tx, {
      id: name,
      name,
      region,
      carriers: carriers.map(([carrier]) => ({ carrier, cutOffs: ["12:30", "16:30", "20:30"] })),
      position,
      closedAt: null,
    })
  for (const [kind, name, role, contact, phone, hours] of partners)
    await savePartner(tx, {
      id: newId(at),
      kind,
      name,
      contacts: [{ name: contact, role, phone, email: "", hours }],
      note: "",
      closedAt: null,
    })
}

/** Who works when, from the first day to the end of next week: five days of seven each, offices not at weekends, somebody of each great department always. */
function rosterOf(ids: ReadonlyMap<string, string>, from: Instant, now: Instant): Omit<Shift, "id">[] {
  const shifts: Omit<Shift, "id">[] = []
  const until = dayStart(now) + (14 - weekdayOf(now)) * day
  for (let start = dayStart(from); start < until; start += day)
    for (const [i, { name, department, turn }] of people.entries()) {
      const weekday = weekdayOf(start)
      const isFree = turn === "day" ? weekday > 4 : weekday === i % 7 || weekday === (i + 1) % 7
      const [begins, ends] = turns[turn]
      if (!isFree)
        shifts.push({
          staff: ids.get(name)!,
          department,
          from: start + begins * hour,
          to: start + ends * hour,
        })
    }
  return shifts
}
