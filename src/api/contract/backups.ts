/** A backup in GET /api/v1/backups. */
export type BackupView = {
  id: string
  madeAt: string
  by: string
  file: string
  bytes: number
  rows: number
  tables: number
  tookMs: number
  triedAt: string | null
  /** `read`: every checksum held; `restored`: a database was made of it and proven equal */
  tried: "read" | "restored" | "broken" | null
  error: string | null
  /** its file lies on this machine */
  here: boolean
}
/** GET /api/v1/backups: how backups are kept, and those that are. */
export type BackupsView = {
  folder: string
  /** true: the folder is the one in the data directory */
  own: boolean
  hour: number
  keepDays: number
  keyId: string
  running: boolean
  failure: { at: string; error: string } | null
  items: BackupView[]
}
