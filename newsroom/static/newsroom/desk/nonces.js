/*
 * Two of the admin's editors put rules into style elements that they make themselves. The content security policy
 * refuses those unless they carry the page's nonce. This runs before them and gives it to every style element that a
 * script of this site makes; what somebody manages to put into the page as HTML still does not get it.
 */
const { nonce } = document.currentScript
const createElement = document.createElement.bind(document)

document.createElement = (name, options) => {
  const element = createElement(name, options)
  if (String(name).toLowerCase() === "style") element.nonce = nonce
  return element
}
