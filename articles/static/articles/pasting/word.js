// What Word and Outlook write in a way of their own: lists are paragraphs with a sign before them, notes of colleagues lie
// among the text.

import { declared } from "./markup.js";

const LIST = /^l\d+ level(\d+)/
// "1." "a)" "(iv)"; all else before an item (·, o, §, –, a picture) is a bullet.
const NUMBER = /^\(?([0-9]+|[a-z]{1,5})[.)]$/i

/** Where a paragraph stands in a list: `level` from 1, `ordered`, `start`; null if it does not. */
export function listed(element) {
  const level = LIST.exec(declared(element).get("mso-list") ?? "")?.[1]
  if (!level) return null
  const sign = [...element.querySelectorAll("*")].find(isSign)?.textContent.trim() ?? ""
  const number = NUMBER.exec(sign)
  return { level: Number(level), ordered: Boolean(number), start: Number(number?.[1]) || 1 }
}

/** Whether an element is the bullet or number that Word wrote before an item. */
export const isSign = (element) => declared(element).get("mso-list") === "ignore"

const classOf = (element) => element.getAttribute("class") ?? ""

/** A paragraph that goes on with the list item before it. */
export const continuesItem = (element) => /^MsoListParagraph/.test(classOf(element))

export const isQuote = (element) => /^Mso(Intense)?Quote\b/.test(classOf(element))

export const isTitle = (element) => /^Mso(Title|Heading[7-9])\b/.test(classOf(element))

export const notesIn = (body) => body.querySelectorAll(".msocomanchor").length

export function isNote(element) {
  return (
    /\b(MsoCommentReference|msocomtxt|msocomoff|msocomanchor)\b/.test(classOf(element)) ||
    (declared(element).get("mso-element") ?? "").startsWith("comment")
  )
}
