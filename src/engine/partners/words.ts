import type { Language } from "../../core/words.ts"

/** What mails to partners say beside their subject matter. */
type LetterWords = {
  listSubject(company: string, day: string, n: number): string
  listOpens(n: number): string
  once: string
  requestSubject(company: string, number: string): string
  answerBy(due: string): string
  answerHere: string
}

const orders = (n: number): string => (n === 1 ? "1 order" : `${n} orders`)

export const letterWords: Record<Language, LetterWords> = {
  "zh-Hans": {
    listSubject: (company, day, n) => `${company} ${day} 待发 ${n} 单`,
    listOpens: (n) => `今天有 ${n} 单要发，最急的在前。打开链接看全部、填运单号：`,
    once: "链接三天内有效，不用登录，请勿转给别人。",
    requestSubject: (company, number) => `${company} 请求 ${number}`,
    answerBy: (due) => `请在 ${due} 前答复。`,
    answerHere: "直接回这封邮件，或打开您的发货页答复。",
  },
  "zh-Hant": {
    listSubject: (company, day, n) => `${company} ${day} 待出 ${n} 筆`,
    listOpens: (n) => `今天有 ${n} 筆要出貨，最急的在前。開啟連結看全部、填運單號：`,
    once: "連結三天內有效，不用登入，請勿轉給別人。",
    requestSubject: (company, number) => `${company} 請求 ${number}`,
    answerBy: (due) => `請在 ${due} 前答覆。`,
    answerHere: "直接回這封郵件，或開啟您的出貨頁答覆。",
  },
  en: {
    listSubject: (company, day, n) => `${company}: ${orders(n)} to ship, ${day}`,
    listOpens: (n) =>
      `${orders(n)} to ship today, the most urgent first. Open the link for all of them and for tracking numbers:`,
    once: "The link opens for three days without signing in; please do not pass it on.",
    requestSubject: (company, number) => `${company}: request ${number}`,
    answerBy: (due) => `Please answer by ${due}.`,
    answerHere: "Reply to this mail, or answer on your shipping page.",
  },
}
