using System.Globalization;
using System.Text.RegularExpressions;

namespace Collector.Tests.Dissection;

/// <summary>What tshark says about one record or flow sample, with the header of its datagram.</summary>
internal sealed partial class DissectedFlow
{
    private readonly Dictionary<string, List<DissectedField>> _fields = [];

    private DissectedFlow(DissectedField header, DissectedField flow, DissectedField? set)
    {
        Flow = flow;
        Add(header.Children.Where(c => c.Name.Length != 0), deep: true);
        Add(set?.Children.Where(c => c.Name.Length != 0) ?? [], deep: false);
        Add(flow.Children, deep: true);
    }

    public DissectedField Flow { get; }

    /// <summary>The records of a datagram that the collector makes flow records of: no options records, no counter samples.</summary>
    /// <param name="datagram">The dissection.</param>
    /// <param name="optionsTemplates">Ids of options templates of the domain; grows by those that the datagram announces.</param>
    public static List<DissectedFlow> Of(DissectedField datagram, HashSet<ulong> optionsTemplates)
    {
        var flows = new List<DissectedFlow>();
        foreach (DissectedField part in datagram.Children)
        {
            if (FlowHeading().IsMatch(part.Show) && part.Name.Length == 0)
            {
                flows.Add(new DissectedFlow(datagram, part, null));
            }
            else if (part.Name.Length == 0)
            {
                NoteTemplates(part, optionsTemplates);
                bool isOptions = part.Children.Find(c => c.Name == "cflow.flowset_id") is { } id && optionsTemplates.Contains(id.Number);
                flows.AddRange(part.Children.Where(c => !isOptions && c.Name.Length == 0 && FlowHeading().IsMatch(c.Show)).Select(c => new DissectedFlow(datagram, c, part)));
            }
        }

        return flows;
    }

    /// <summary>True when any of the fields is there.</summary>
    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_fields.ContainsKey(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of repeated fields the last, of several names the first that is there; null when none is.</summary>
    public DissectedField? Last(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_fields.TryGetValue(name, out List<DissectedField>? found))
            {
                return found[^1];
            }
        }

        return null;
    }

    public DissectedField? First(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_fields.TryGetValue(name, out List<DissectedField>? found))
            {
                return found[0];
            }
        }

        return null;
    }

    public IReadOnlyList<DissectedField> All(string name) => _fields.GetValueOrDefault(name) ?? [];

    /// <summary>The number of <see cref="Last"/> as text.</summary>
    public string? Number(params ReadOnlySpan<string> names) => Last(names)?.Number.ToString(CultureInfo.InvariantCulture);

    private static void NoteTemplates(DissectedField set, HashSet<ulong> optionsTemplates)
    {
        foreach (DissectedField template in set.Children.Where(c => c.Name.Length == 0 && c.Show.Contains("Template (Id = ", StringComparison.Ordinal)))
        {
            ulong id = template.Children.Find(c => c.Name is "cflow.template_id" or "cflow.option_template_id")?.Number ?? 0;
            _ = template.Show.StartsWith("Options", StringComparison.Ordinal) ? optionsTemplates.Add(id) : optionsTemplates.Remove(id);
        }
    }

    private void Add(IEnumerable<DissectedField> fields, bool deep)
    {
        foreach (DissectedField field in deep ? fields.SelectMany(f => f.Descendants().Prepend(f)) : fields)
        {
            // Headings tell what they are in words: "MPLS-Label1: 24001 exp-bits: 0", "Forwarding Status".
            string name = field.Name.Length != 0 ? field.Name : field.Show.Split(':')[0];
            if (!_fields.TryGetValue(name, out List<DissectedField>? found))
            {
                _fields.Add(name, found = []);
            }

            found.Add(field);
        }
    }

    [GeneratedRegex("^(Flow [0-9]+( \\(unknown\\))?|pdu [0-9]+/[0-9]+|(Expanded f|F)low sample, seq [0-9]+)$")]
    private static partial Regex FlowHeading();
}
