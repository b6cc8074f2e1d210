"""
The algorithm as containers of an engine on this machine: Docker Engine, or Podman by its Docker-compatible socket.

    containers    the Runtime: all that is made for a training job, and its end
    images        which images there are, and pulling one
    config        what the engine is asked for, as JSON (pure)
    holding       the hosts' networks, for as long as they run
    side          the container that holds a host's network, and gives the agent its front door
    networks      making the network of a training job's hosts
    contained     one running algorithm
    names         names and labels
    output        the streams of a container, into a log
    ownership     files that the algorithm's user has left, given to the agent's
    leftovers     what a dead agent has left behind
    engine        the engine's API, as far as it is used here
"""
