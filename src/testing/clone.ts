import { randomBytes } from "node:crypto"
import pg from "pg"

/** A fresh database cloned from a migrated template, by its URL. */
export async function cloneTemplate(
  template: string,
  of = "template_zhunshi",
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString("hex")}`
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: template.replace("/template_zhunshi", "/postgres") })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await admin(`create database ${name} template ${of}`)
  return {
    url: template.replace("/template_zhunshi", `/${name}`),
    drop: () => admin(`drop database if exists ${name} with (force)`),
  }
}
