/** Every sentence in this language, by page. */
export const words = import.meta.glob<Record<string, unknown>>("./zh-Hant/*.json", {
  eager: true,
  import: "default",
})
