import { createRoot } from "react-dom/client"
import { App } from "./app.tsx"
import { openTheme } from "./theme/mode.ts"
import { openWords } from "./words/words.ts"
import "./theme/base.css"
import "./marks/marks.css"

// A page that was open while the server was renewed asks for parts that are gone: it takes the new ones, once a minute at most.
addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem("zhunshi.renewed") ?? 0)
  if (Date.now() - last < 60_000) return
  event.preventDefault()
  sessionStorage.setItem("zhunshi.renewed", String(Date.now()))
  location.reload()
})
openTheme()
await openWords()
createRoot(document.getElementById("root")!).render(<App />)
