# outcome: PASSED
import agents

def instructions(context, agent):
    return "You only speak in haikus."

agent: agents.Agent = agents.Agent("Poet", instructions=instructions, model_settings=agents.ModelSettings(temperature=0.2))
