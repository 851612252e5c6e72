using Collector.Configuration.Pmacct;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct;

public class PmacctKeyTableTests
{
    /// <summary>636 keys of the dictionary, 41 that older releases take or guides name.</summary>
    [Fact]
    public void All_IsTheDictionaryOfPmacct()
    {
        Assert.Equal(636 + 41, PmacctKeyTable.All.Count());
        Assert.All(PmacctKeyTable.All, k => Assert.Contains(k.Type, new[] { "bool", "int", "str", "path", "enum", "IP", "IPv4", "ASN", "duration", "letters", "list" }));
    }

    [Fact]
    public void UsedKeys_AreThoseWithAMeaning()
    {
        IEnumerable<string> used = PmacctKeyTable.All.Where(k => k.Status == PmacctKeyStatus.Used).Select(k => k.Name);
        IEnumerable<string> meant = PmacctSettings.Core.Keys.Concat(PmacctSettings.Plugin.Keys).Append("plugins");

        // Some settings exist for families of keys of which the dictionary knows only a part (print_multi_values is none).
        Assert.Empty(used.Except(meant));
        Assert.DoesNotContain(meant, m => PmacctKeyTable.Find(m) is { Status: not PmacctKeyStatus.Used });
    }

    [Fact]
    public void OtherKeys_SayWhy() => Assert.All(PmacctKeyTable.All.Where(k => k.Status != PmacctKeyStatus.Used), k => Assert.NotEmpty(k.Note));

    [Fact]
    public void SettingsOfPlugins_HaveThatScope() =>
        Assert.All(PmacctSettings.Plugin.Keys.Select(PmacctKeyTable.Find).OfType<PmacctKey>(), k => Assert.NotEqual(PmacctScope.Global, k.Scope));
}
