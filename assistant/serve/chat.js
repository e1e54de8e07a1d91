// What Gradio's chat leaves to be wished for.

// It names each message by its HTML, which a screen reader would read aloud: name it by what it is.
const LABELS = { user: "Question", bot: "Answer" };

function relabel() {
  for (const [speaker, label] of Object.entries(LABELS)) {
    for (const message of document.querySelectorAll(`#conversation [data-testid="${speaker}"]`)) {
      if (message.getAttribute("aria-label") !== label) {
        message.setAttribute("role", "group");
        message.setAttribute("aria-label", label);
      }
    }
  }
}

// It scrolls to the end of an answer: show the question and how the answer begins, the sources come after.
function showLastQuestion() {
  const questions = document.querySelectorAll("#conversation .user-row");
  questions[questions.length - 1]?.scrollIntoView({ block: "start" });
}

// The keyboard cannot reach the conversation to scroll it, and the examples are a list without items.
function repair() {
  document.querySelector("#conversation .bubble-wrap:not([tabindex])")?.setAttribute("tabindex", "0");
  document.querySelector("#conversation .examples[role=list]")?.setAttribute("role", "group");
  for (const note of document.querySelectorAll("#note:not([role]), #feedback-note:not([role])")) {
    note.setAttribute("role", "status");
  }
}

new MutationObserver((changes) => {
  relabel();
  nameCitations();
  repair();
  if (changes.some(({ type, target }) => type === "childList" && target.closest?.("#conversation .message-wrap"))) {
    showLastQuestion();
  }
}).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["aria-label"] });
