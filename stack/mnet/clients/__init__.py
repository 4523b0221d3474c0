# clients/ - clients of the network above UDP and TCP and below sockets: DHCP, DNS, NTP. Each is a pure
# machine (state, message, now); runner.py gives it its endpoint and the time.
