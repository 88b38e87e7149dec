/** The kinds of files that a thread takes, known by their content. */
export const attachmentTypes = [
  "image/png",
  "image/jpeg",
  "image/webp",
  "image/gif",
  "application/pdf",
] as const
export type AttachmentType = (typeof attachmentTypes)[number]

/** The greatest file that a thread takes, bytes. */
export const attachmentBytesMax = 10 * 2 ** 20
/** The most files of one message. */
export const attachmentsMax = 10
