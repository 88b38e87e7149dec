/** One import in GET /api/v1/imports and GET /api/v1/imports/{number}. */
export type ImportView = {
  number: number
  file: string
  format: string
  channel: string | null
  shop: string | null
  by: string
  startedAt: string
  finishedAt: string | null
  exportedAt: string
  state: "running" | "done" | "failed" | "undone" | "undoing"
  progress: { rows: number; orders: number; ofRows: number | null }
  result: {
    rows: number
    orders: number
    newOrders: number
    changedOrders: number
    sameOrders: number
    accepted: number
    duplicates: number
    corrected: number
    rejectedCount: number
    missingOpenOrders: number
    overdueUnshipped: number
    byCode: { code: string; count: number; lines: number[]; message: string }[]
    statuses: { word: string; count: number }[]
  } | null
  error: string | null
  undoable: boolean
}
/** POST /api/v1/imports/preview (multipart file + optional JSON mapping). */
export type ImportPreview = {
  upload: string
  file: string
  encoding: string
  delimiter: string | null
  headerLine: number
  format: string | null
  columns: { header: string; index: number; key: string | null }[]
  rows: { line: number; cells: string[] }[]
  exportedAt: string
  estimate: {
    rows: number
    orders: number
    rejectedCount: number
    byCode: { code: string; count: number; lines: number[]; message: string }[]
    newOrders: number
    changedOrders: number
    sameOrders: number
    /** orders of the file with a clock that is near or over, as they would stand */
    near: number
    overdue: number
    overdueUnshipped: number
    /** open orders of its shops that are not in it */
    missingOpenOrders: number
    /** a shop in it was never heard of: what is overdue already opens no case unless that is asked for */
    isFirst: boolean
    /** what would follow at once, as it stands and if what is overdue opened cases however old */
    following: { asAsked: Following; howeverOld: Following }
  } | null
  /** shops of its channel that are known; one has to be chosen when `shopNeeded` */
  shops: string[]
  shopNeeded: boolean
}
/** Cases that would open, and alerts (one for many orders) that would be sent. */
export type Following = { cases: number; alerts: number }
/** GET /api/v1/imports/{number}/undo: what taking it back would change. */
export type UndoForecast = {
  orders: number
  vanishing: number
  events: number
  restored: number
  withdrawn: number
  casesWithdrawn: number
  breaches: number
}
