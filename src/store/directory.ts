import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

/** Where goods lie; each carrier that fetches there with the times of day by which parcels must be ready (`16:00`). */
export type Warehouse = {
  /** as orders name it */
  id: string
  name: string
  region: string
  carriers: { carrier: string; cutOffs: string[] }[]
  position: number
  closedAt: Instant | null
}
/** Whom we work with outside the company, by what they do. */
export const partnerKinds = ["carrier", "supplier", "dropshipper", "cloud_warehouse", "platform"] as const
export type Contact = { name: string; role: string; phone: string; email: string; hours: string }
export type Partner = {
  id: string
  kind: (typeof partnerKinds)[number]
  name: string
  contacts: Contact[]
  note: string
  closedAt: Instant | null
}

const warehouses = statement(
  "warehouses.list",
  `select id, name, region, carriers, position, closed_at as "closedAt" from warehouses order by position, id`,
)
const saveWarehouseRow = statement(
  "warehouses.save",
  `insert into warehouses (id, name, region, carriers, position, closed_at)
   values ($1, $2, $3, $4::jsonb, $5, to_timestamp($6::float8 / 1000))
   on conflict (id) do update set name = excluded.name, region = excluded.region, carriers = excluded.carriers,
     position = excluded.position, closed_at = excluded.closed_at`,
)
const partners = statement(
  "partners.list",
  `select id, kind, name, contacts, note, closed_at as "closedAt" from partners order by kind, name, id`,
)
const savePartnerRow = statement(
  "partners.save",
  `insert into partners (id, kind, name, contacts, note, closed_at)
   values ($1, $2, $3, $4::jsonb, $5, to_timestamp($6::float8 / 1000))
   on conflict (id) do update set kind = excluded.kind, name = excluded.name, contacts = excluded.contacts,
     note = excluded.note, closed_at = excluded.closed_at`,
)

const holdBoth = statement("directory.hold", "lock table warehouses, partners in share row exclusive mode")
/** Whoever changes the directory does so one after the other, so that no two take one name. */
export const holdDirectory = (tx: Session): Promise<unknown[]> => run(tx, holdBoth)

/** The warehouses, in the company's order. */
export const listWarehouses = (session: Session): Promise<Warehouse[]> => run(session, warehouses)
/** Writes a warehouse. */
export const saveWarehouse = (tx: Session, each: Warehouse): Promise<unknown[]> =>
  run(tx, saveWarehouseRow, [
    each.id,
    each.name,
    each.region,
    JSON.stringify(each.carriers),
    each.position,
    each.closedAt,
  ])
/** The partners by kind and name. */
export const listPartners = (session: Session): Promise<Partner[]> => run(session, partners)
/** Writes a partner. */
export const savePartner = (tx: Session, each: Partner): Promise<unknown[]> =>
  run(tx, savePartnerRow, [
    each.id,
    each.kind,
    each.name,
    JSON.stringify(each.contacts),
    each.note,
    each.closedAt,
  ])
