namespace Collector.BgpAnnouncer;

internal static class AnnouncerProgram
{
    private static int Main() => 2;
}
