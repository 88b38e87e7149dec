/** Gives a file to the browser to save. */
export function save(name: string, bytes: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Saves rows as a workbook; the writer is fetched when it is first needed. */
export async function saveWorkbook(
  name: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const { workbookOf } = await import("../../src/files/write.ts")
  const book = await workbookOf(name, headers, rows)
  save(`${name}.xlsx`, book, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
}
