"""How does a what-if panel look, in light and in dark, on a desk and on a phone?"""

from __future__ import annotations

from workbench.reports.figures import BLUE, RED

STYLE = f"""<style>
.what-if-head {{margin: .2em 0 .4em}}
.what-if-body {{display: flex; flex-wrap: wrap; gap: 1em 2em; align-items: flex-start; overflow: visible}}
.what-if-left {{flex: 1 1 20em; min-width: min(100%, 16em); max-width: 30em; overflow: visible}}
.what-if-right {{flex: 4 1 36em; min-width: min(100%, 18em); overflow: visible}}
.what-if-left > *, .what-if-keeping > * {{margin-left: 0; margin-right: 0; max-width: 100%; box-sizing: border-box}}
.what-if .widget-html, .what-if .widget-html-content {{width: 100%; margin: 0; line-height: 1.45}}
.what-if-slider {{margin: 0 0 .6em; padding: 0 .3em; overflow: visible}}
.what-if-slider .widget-label {{flex: 1 1 auto; text-align: left; white-space: normal; line-height: 1.25; height: auto}}
.what-if-slider .widget-text {{flex-wrap: nowrap; align-items: center}}
.what-if-slider input[type=number] {{flex: 0 0 6.5em; width: 6.5em; text-align: right}}
.what-if-slider .noUi-handle:focus-visible, .what-if input:focus-visible, .what-if button:focus-visible,
.what-if select:focus-visible {{outline: 3px solid {BLUE}; outline-offset: 2px}}
.what-if, .what-if-answer {{overflow: visible}}
.what-if-answer {{position: sticky; top: 0; z-index: 5; background: var(--jp-layout-color0, #fff); margin: 0 0 .4em}}
.what-if-keeping {{margin-top: 1em; padding-top: .6em; border-top: 1px solid var(--jp-border-color2, #d5dbe2)}}
.what-if-told {{font-size: 1.15em; font-weight: 600; margin: 0 0 .2em; min-height: 1.5em}}
.what-if-quiet {{color: var(--jp-ui-font-color2, #56616f); margin: 0 0 .4em; font-size: .9em}}
.what-if-wrong {{color: var(--jp-error-color0, #b91c1c); font-weight: 600; margin: 0 0 .2em; white-space: pre-wrap}}
.what-if-busy::before {{content: '\\25CB\\00A0'}} .what-if-ready::before {{content: '\\25CF\\00A0'}}
.what-if-table {{border-collapse: collapse; width: 100%; max-width: 52em; font-variant-numeric: tabular-nums}}
.what-if-table caption {{text-align: left; color: var(--jp-ui-font-color2, #56616f); font-size: .9em}}
.what-if-table th, .what-if-table td {{padding: .15em .8em .15em 0; text-align: right; white-space: nowrap}}
.what-if-table th[scope=row], .what-if-table th:first-child {{text-align: left; font-weight: 600}}
.what-if-table tr {{border-bottom: 1px solid var(--jp-border-color2, #d5dbe2)}}
.what-if-table small {{color: var(--jp-ui-font-color2, #56616f)}}
.what-if-table .now, .what-if-table .clear {{font-weight: 600}} .what-if-table .unclear {{opacity: .75}}
.what-if-scroll {{overflow-x: auto}}
.what-if-pictures {{display: grid; grid-template-columns:
  repeat(auto-fit, minmax(max(min(100%, 20em), calc(50% - 1em)), 1fr)); gap: .4em 1.2em}}
.what-if-picture {{width: 100%; height: auto; max-width: 34em}}
.what-if-legend {{margin: .6em 0 .2em; font-size: .9em}}
.what-if-key {{display: inline-block; width: 2em; height: 0; vertical-align: middle; margin: 0 .2em 0 .8em}}
.what-if-key.now {{border-top: 3px solid {BLUE}; box-shadow: 0 0 0 4px {BLUE}47; margin-left: .3em}}
.what-if-key.before {{border-top: 2px dotted var(--jp-ui-font-color2, #56616f)}}
.what-if-key.target {{border-top: 2px dashed {RED}}}
</style>"""
