import { z } from "zod"
import { attachmentsFolder } from "../attachments/shelf.ts"

/** The form of the archive; a program reads its own and older ones. */
export const format = 1

/** Folders of the data directory that belong to the company and stand in no table; each is taken whole. */
export const folders = [attachmentsFolder] as const

const table = z.object({ name: z.string(), columns: z.array(z.string()).min(1) })

/** The first entry, `zhunshi.json`: of whom the archive is, so that a wrong one is refused before anything is read. */
export const headSchema = z.object({
  format: z.number().int(),
  version: z.string(),
  madeAt: z.number(),
  /** names the master key that its personal data is sealed with; the key itself is not inside */
  keyId: z.string(),
  migrations: z.array(z.object({ number: z.number().int(), name: z.string(), checksum: z.string() })),
  /** in the order in which they can be filled */
  tables: z.array(table),
})
export type Head = z.infer<typeof headSchema>

/** The last entry, `manifest.json`: what has to have been read when it comes. */
export const manifestSchema = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), sha256: z.string() })),
  files: z.array(z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Why an archive cannot be restored, or was found broken: a sentence that says what to do. */
export class BackupRefused extends Error {
  override readonly name = "BackupRefused"
}
