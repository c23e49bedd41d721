// A JupyterLab extension written as the module-federation container that JupyterLab loads, so that nothing
// needs building. On opening a course notebook it runs the cells that show a piece, and nothing else; it says in
// words how the kernel is; and it shows the pieces again when the kernel comes back.
(() => {
  const NAME = "@earned-security/lab";

  // Only these two lines, with an id and nothing more, are ever run without being asked for.
  const PIECE = /^from earned_security\.interactive import (piece|exercise|submission)\n\1\("[a-z0-9-]+"\)\s*$/;

  const words = {
    starting: "Getting ready: the course's engine (the kernel) is starting. You can already read.",
    ready: "Ready. What you enter is saved on this computer.",
    readyOnServer: "Ready. What you enter is saved in your folder on the class server.",
    showing: "Getting ready: showing the interactive parts.",
    lost: "The course's engine (the kernel) is not connected. You can go on: what you enter waits in this page and is saved when the engine is back.",
    again: "Start it again",
  };

  let shareScope;
  const shared = async (name) => {
    const versions = Object.values(shareScope[name] ?? {});
    return versions.length ? (await versions[0].get())() : null;
  };

  const pageOption = (name) => {
    const configuration = document.getElementById("jupyter-config-data")?.textContent ?? "{}";
    return JSON.parse(configuration)[name];
  };

  const isCourse = (model) => Boolean(model.sharedModel.getMetadata("earned_security"));

  class CourseNotebook {
    constructor(panel, Widget) {
      this.panel = panel;
      this.shown = null;
      this.text = document.createElement("span");
      this.again = document.createElement("button");
      this.again.type = "button";
      this.again.textContent = words.again;
      this.again.addEventListener("click", () => this.restart());
      const line = document.createElement("p");
      line.setAttribute("role", "status");
      line.append(this.text);
      const node = document.createElement("div");
      node.className = "earned-security-kernel";
      node.style.cssText =
        "display:flex;gap:.75rem;align-items:center;padding:.25rem .75rem;min-height:3rem;box-sizing:border-box;overflow:auto;" +
        "background:var(--jp-layout-color2);color:var(--jp-ui-font-color1);font-family:var(--jp-ui-font-family)";
      line.style.margin = "0";
      node.append(line, this.again);
      panel.contentHeader.addWidget(new Widget({ node }));
      panel.sessionContext.statusChanged.connect(() => this.update());
      panel.sessionContext.connectionStatusChanged.connect(() => this.update());
      panel.sessionContext.kernelChanged.connect(() => { this.shown = null; this.update(); });
      this.update();
    }

    say(message, lost = false) {
      if (this.text.textContent !== message) this.text.textContent = message;
      this.again.hidden = !lost;
    }

    update() {
      if (this.panel.isDisposed) return;
      const kernel = this.panel.sessionContext.session?.kernel;
      const status = kernel?.status ?? "starting";
      if (["restarting", "autorestarting", "dead"].includes(status)) this.shown = null;
      if (status === "dead" || status === "terminating" || kernel?.connectionStatus === "disconnected") {
        this.say(words.lost, true);
      } else if (["starting", "restarting", "autorestarting", "unknown"].includes(status)
          || kernel?.connectionStatus === "connecting") {
        this.say(words.starting);
      } else if (this.shown === null) {
        this.show(kernel);
      }
    }

    async show(kernel) {
      this.shown = "showing";
      this.say(words.showing);
      await kernel.info;
      for (const cell of this.panel.content.widgets) {
        if (cell.model.type !== "code" || !PIECE.test(cell.model.sharedModel.getSource())) continue;
        if (this.shown !== "showing" || this.panel.isDisposed) return;
        try {
          await cell.constructor.execute(cell, this.panel.sessionContext);
        } catch (error) {
          console.warn("A piece could not be shown", error);
        }
      }
      if (this.shown !== "showing") return;
      this.shown = "shown";
      this.say(pageOption("hubPrefix") ? words.readyOnServer : words.ready); // JupyterHub alone gives one
      this.update();
    }

    async restart() {
      this.shown = null;
      this.say(words.starting);
      try {
        await this.panel.sessionContext.restartKernel();
      } catch (error) {
        this.say(words.lost, true);
      }
    }
  }

  const plugin = {
    id: `${NAME}:pieces`,
    autoStart: true,
    activate: async (app) => {
      if (pageOption("showPiecesOnOpening") !== "true") return;
      const { Widget } = await shared("@lumino/widgets");
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          Promise.all([context.ready, panel.revealed]).then(() => {
            if (!isCourse(context.model)) return;
            const notebook = new CourseNotebook(panel, Widget);
            panel.sessionContext.ready.then(() => notebook.update());
          });
        },
      });
    },
  };

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB[NAME] = {
    init: async (scope) => { shareScope = scope; },
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
